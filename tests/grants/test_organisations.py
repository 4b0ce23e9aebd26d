import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from services.grants.permissions import Grants
from tests.databases import Fresh, ask, execute
from tests.grants.conftest import as_agency

CONSORTIUM = {
    "name": "Gratë për Paqe / Жене за мир",
    "kind": "cso",
    "registration_number": "5110023-8",
    "municipality": "mitrovica-south",
}


async def recorded(
    client: AsyncClient, agency: str = "unicef", **changed: object
) -> dict[str, Any]:
    answer = await client.post(
        "/organisations", json=CONSORTIUM | changed, headers=as_agency(agency)
    )
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_what_is_recorded_is_read_and_listed(client: AsyncClient) -> None:
    body = await recorded(client)
    read = await client.get(f"/organisations/{body['id']}", headers=as_agency("unicef"))
    assert read.json() == body
    assert read.json().items() >= CONSORTIUM.items()
    listed = await client.get("/organisations", headers=as_agency("unicef"))
    assert listed.json() == {"items": [body], "next": None}


async def test_a_list_is_read_page_by_page(client: AsyncClient) -> None:
    ids = [(await recorded(client, registration_number=None))["id"] for _ in range(5)]
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        headers = as_agency("unicef")
        page = await client.get("/organisations", params=query, headers=headers)
        seen += [one["id"] for one in page.json()["items"]]
        if page.json()["next"] is None:
            break
        query["cursor"] = page.json()["next"]
    assert seen == ids


async def test_the_same_again_is_what_is_there(client: AsyncClient) -> None:
    body = await recorded(client)
    again = await client.post(
        "/organisations", json=CONSORTIUM, headers=as_agency("unicef")
    )
    assert again.status_code == 200
    assert again.json() == body


async def test_another_organisation_under_a_known_number_is_refused(
    client: AsyncClient,
) -> None:
    await recorded(client)
    other = await client.post(
        "/organisations",
        json=CONSORTIUM | {"name": "Somebody else"},
        headers=as_agency("unicef"),
    )
    assert other.status_code == 409
    assert other.json()["type"] == "urn:uramost:problem:other-organisation"


async def test_two_agencies_record_the_same_number_apart(client: AsyncClient) -> None:
    one, other = await recorded(client), await recorded(client, agency="who")
    assert one["id"] != other["id"]


async def test_the_same_sent_at_one_instant_is_recorded_once(
    client: AsyncClient, database: Fresh
) -> None:
    answers = await asyncio.gather(
        *(
            client.post("/organisations", json=CONSORTIUM, headers=as_agency("unicef"))
            for _ in range(12)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await ask(database.superuser, "select count(*) from organisation") == 1


async def test_another_agency_cannot_tell_it_exists(client: AsyncClient) -> None:
    body = await recorded(client)
    headers = as_agency("who")
    hidden = await client.get(f"/organisations/{body['id']}", headers=headers)
    absent = await client.get(f"/organisations/{uuid4()}", headers=headers)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.headers == absent.headers
    listed = await client.get("/organisations", headers=headers)
    assert listed.json() == {"items": [], "next": None}


async def test_the_database_itself_hides_the_rows_of_others(
    client: AsyncClient, database: Fresh
) -> None:
    await recorded(client)
    count = "select count(*) from organisation"
    assert await ask(database.url, count) == 0
    assert await ask(database.owner, count) == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "delete from organisation")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"kind": "party"},
        {"registration_number": ""},
        {"municipality": "Mitrovica!"},
        {"budget": 5},
    ],
)
async def test_what_cannot_be_is_refused_and_not_repeated(
    client: AsyncClient, wrong: dict[str, object]
) -> None:
    answer = await client.post(
        "/organisations", json=CONSORTIUM | wrong, headers=as_agency("unicef")
    )
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error.keys() == {"pointer", "reason"}
    assert error["pointer"] == f"/body/{next(iter(wrong))}"


async def test_a_record_is_audited_with_the_act_and_its_author(
    client: AsyncClient, database: Fresh
) -> None:
    body = await recorded(client)
    entry = "select act || ' ' || subject || ' ' || target from audit_entry"
    said = await ask(database.superuser, entry)
    assert said == f"organisation:record officer {body['id']}"


async def test_a_stranger_learns_nothing_and_each_operation_names_its_permission(
    app: FastAPI, client: AsyncClient
) -> None:
    named: set[str] = set()
    for path, operations in app.openapi()["paths"].items():
        for verb, operation in operations.items():
            at = path.format(key=uuid4())
            stranger = await client.request(verb, at)
            assert stranger.status_code == 401, (verb, path)
            unentitled = as_agency("unicef", "nothing:at-all")
            refused = await client.request(verb, at, headers=unentitled)
            assert refused.status_code == 403, (verb, path)
            [scopes] = [next(iter(one.values())) for one in operation["security"]]
            named |= set(scopes)
    assert named >= set(Grants)
