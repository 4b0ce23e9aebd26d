"""Organisations: one record for all, found in any spelling."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from services.grants.permissions import Grants
from tests.databases import Fresh, ask, execute
from tests.grants.conftest import as_agency

WOMEN: dict[str, Any] = {
    "name": "OJQ Gratë për Paqe",
    "language": "sq",
    "other_names": [{"text": "Жене за мир", "language": "sr"}],
    "kind": "cso",
    "registered_in": "kosovo_ngos",
    "registration_number": "5110023-8",
    "municipality": "mitrovica-south",
}
BARE: dict[str, Any] = {"registered_in": None, "registration_number": None}
Record = dict[str, Any]


async def post(
    client: AsyncClient, path: str, agency: str = "unicef", **body: object
) -> Response:
    return await client.post(path, json=body, headers=as_agency(agency))


async def recorded(
    client: AsyncClient, agency: str = "unicef", **changed: object
) -> Record:
    answer = await post(client, "/organisations", agency, **(WOMEN | changed))
    assert answer.status_code == 201, answer.text
    body: Record = answer.json()["organisation"]
    return body


async def found(client: AsyncClient, **asked: object) -> list[str]:
    answer = await post(client, "/organisations/search", "who", **asked)
    assert answer.status_code == 200, answer.text
    return [one["organisation"]["id"] for one in answer.json()]


async def test_what_is_recorded_is_read_and_listed(client: AsyncClient) -> None:
    body = await recorded(client)
    headers = as_agency("unicef")
    read = await client.get(f"/organisations/{body['id']}", headers=headers)
    assert read.json() == body
    assert body["names"] == [
        {"text": "OJQ Gratë për Paqe", "language": "sq", "script": "latin"},
        {"text": "Жене за мир", "language": "sr", "script": "cyrillic"},
    ]
    listed = await client.get("/organisations", headers=headers)
    assert listed.json() == {"items": [body], "next": None}


async def test_another_agency_sees_the_same_record(client: AsyncClient) -> None:
    body = await recorded(client)
    headers = as_agency("who")
    read = await client.get(f"/organisations/{body['id']}", headers=headers)
    assert read.json() == body
    assert "unicef" not in read.text


async def test_a_list_is_read_page_by_page_and_by_kind(client: AsyncClient) -> None:
    ids = [(await recorded(client, **BARE))["id"] for _ in range(3)]
    await recorded(client, **BARE, kind="ministry")
    seen: list[str] = []
    query = {"limit": "2", "kind": "cso", "municipality": "mitrovica-south"}
    while True:
        headers = as_agency("who")
        page = await client.get("/organisations", params=query, headers=headers)
        seen += [one["id"] for one in page.json()["items"]]
        if page.json()["next"] is None:
            break
        query["cursor"] = page.json()["next"]
    assert seen == ids


async def test_the_same_number_under_a_like_name_is_what_is_there(
    client: AsyncClient,
) -> None:
    body = await recorded(client)
    for again in (
        {},
        {"registration_number": "51 10023 8"},
        {"name": "Grate per paqe (O.J.Q.)"},
        {"name": "NVO Žene za mir", "language": "sr"},
    ):
        answer = await post(client, "/organisations", "who", **(WOMEN | again))
        assert answer.status_code == 200, again
        assert answer.json()["organisation"] == body


async def test_another_name_under_a_known_number_is_refused(
    client: AsyncClient,
) -> None:
    await recorded(client)
    other = {"name": "Kolegji i Artizanëve", "other_names": []}
    answer = await post(client, "/organisations", **(WOMEN | other))
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:uramost:problem:other-organisation"


async def test_a_number_is_unique_within_its_registry_only(client: AsyncClient) -> None:
    one = await recorded(client)
    other = await recorded(client, registered_in="kosovo_businesses")
    assert one["id"] != other["id"]


async def test_the_same_sent_at_one_instant_is_recorded_once(
    client: AsyncClient, database: Fresh
) -> None:
    agencies = ("unicef", "who", "undp") * 4
    answers = await asyncio.gather(
        *(post(client, "/organisations", one, **WOMEN) for one in agencies)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["organisation"]["id"] for answer in answers}) == 1
    assert await ask(database.superuser, "select count(*) from organisation") == 1


async def test_a_new_record_tells_which_others_look_like_it(
    client: AsyncClient,
) -> None:
    there = await recorded(client)
    await recorded(client, **BARE, name="Qendra e Rinisë", other_names=[])
    again = {"name": "Shoqata “Žene za mir” d.o.o.", "other_names": []}
    answer = await post(client, "/organisations", "who", **(WOMEN | BARE | again))
    assert answer.status_code == 201
    [alike] = answer.json()["looks_like"]
    assert alike["organisation"]["id"] == there["id"]
    assert alike["likeness"] >= 0.85


async def test_it_is_found_in_any_spelling(client: AsyncClient) -> None:
    body = await recorded(client)
    await recorded(client, **BARE, name="Drvo d.o.o.", other_names=[])
    for asked in ("Grate per Paqe", "ŽENE ZA MIR", "жене за мир", "N.V.O. Zene za mir"):
        assert await found(client, name=asked) == [body["id"]], asked


async def test_it_is_found_by_its_number(client: AsyncClient) -> None:
    body = await recorded(client)
    by_number = {"registered_in": "kosovo_ngos", "registration_number": "51100238"}
    assert await found(client, **by_number) == [body["id"]]
    assert await found(client, **by_number | {"registered_in": "other"}) == []
    assert await found(client) == []


async def test_its_recorder_corrects_it_and_nobody_else(client: AsyncClient) -> None:
    body = await recorded(client)
    path, content = (
        f"/organisations/{body['id']}",
        WOMEN | {"name": "Qendra e Kulturës"},
    )
    other = await client.put(path, json=content, headers=as_agency("who"))
    assert other.status_code == 403
    assert other.json()["type"] == "urn:uramost:problem:recorded-by-another"
    mine = await client.put(path, json=content, headers=as_agency("unicef"))
    assert mine.json()["name"] == "Qendra e Kulturës"
    assert await found(client, name="qendra kultures") == [body["id"]]
    assert await found(client, name="Gratë për Paqe") == []


async def test_anybody_adds_a_spelling_and_it_stays(client: AsyncClient) -> None:
    body = await recorded(client)
    path = f"/organisations/{body['id']}"
    added = await post(client, f"{path}/names", "who", text="Women for Peace")
    assert added.status_code == 201
    await client.put(path, json=WOMEN, headers=as_agency("unicef"))
    assert await found(client, name="women for peace") == [body["id"]]


async def test_a_second_record_refers_to_the_lasting_one(client: AsyncClient) -> None:
    lasting, second = await recorded(client), await recorded(client, **BARE)
    same = f"/organisations/{second['id']}/same-as"
    said = {"organisation": lasting["id"]}
    told = await client.put(same, json=said, headers=as_agency("unicef"))
    assert told.json()["same_as"] == lasting["id"]
    back = f"/organisations/{lasting['id']}/same-as"
    circle = {"organisation": second["id"]}
    refused = await client.put(back, json=circle, headers=as_agency("unicef"))
    assert refused.json()["type"] == "urn:uramost:problem:not-lasting"


async def test_the_database_itself_lets_only_the_recorder_change_it(
    client: AsyncClient, database: Fresh
) -> None:
    body = await recorded(client)
    renamed = (
        "begin; select set_config('app.agency', '{}', true);"
        "update organisation set name = 'Other'; commit"
    )
    await execute(database.url, renamed.format("who"))
    name = "select name from organisation"
    assert await ask(database.superuser, name) == body["name"]
    await execute(database.url, renamed.format("unicef"))
    assert await ask(database.superuser, name) == "Other"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "delete from organisation")


WRONG: tuple[Record, ...] = (
    {"name": " "},
    {"name": "a\x00b"},
    {"name": "x" * 201},
    {"kind": "party"},
    {"registration_number": ""},
    {"municipality": "Mitrovica!"},
    {"budget": 5},
)


async def test_what_cannot_be_is_refused_and_not_repeated(client: AsyncClient) -> None:
    for wrong in WRONG:
        answer = await post(client, "/organisations", **(WOMEN | wrong))
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error.keys() == {"pointer", "reason"}
        assert error["pointer"] == f"/body/{next(iter(wrong))}"


async def test_a_number_without_its_registry_is_refused(client: AsyncClient) -> None:
    answer = await post(client, "/organisations", **(WOMEN | {"registered_in": None}))
    assert answer.status_code == 422


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
            scopes = [one for each in operation["security"] for one in each.values()]
            named |= {scope for listed in scopes for scope in listed}
    assert named >= set(Grants)
