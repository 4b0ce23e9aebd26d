import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from httpx import AsyncClient, Response
from hypothesis import given
from hypothesis import strategies as st

from services.grants.permissions import Grants
from services.grants.plans.rules import (
    NEXT,
    NotReady,
    Settled,
    Status,
    adopt,
    after_consultation,
)
from tests.databases import Fresh, ask, execute
from tests.grants.conftest import as_agency

PLAN = {
    "kind": "economic_development",
    "titles": {
        "sq": "Plani i zhvillimit ekonomik",
        "sr-Cyrl": "План економског развоја",
        "en": "Municipal economic development plan",
    },
    "municipalities": ["mitrovica-north", "mitrovica-south"],
    "starts_on": "2009-01-01",
    "ends_on": "2011-04-30",
}
PRIORITY = {"titles": {"en": "A shared market"}, "sector": "small_business"}
CONSULTATION = {
    "held_on": "2009-03-01",
    "municipality": "mitrovica-north",
    "attended": 41,
}
ADOPTION = {"adopted_on": "2009-06-01"}


async def post(
    client: AsyncClient, path: str, body: object, agency: str = "undp"
) -> Response:
    return await client.post(path, json=body, headers=as_agency(agency))


async def get(client: AsyncClient, path: str, agency: str = "undp") -> Response:
    return await client.get(path, headers=as_agency(agency))


async def recorded(client: AsyncClient, **changed: object) -> dict[str, Any]:
    answer = await post(client, "/plans", PLAN | changed)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def adopted(client: AsyncClient) -> tuple[str, str]:
    """Take a plan to its adoption; give it and its priority."""
    at = f"/plans/{(await recorded(client))['id']}"
    priority = await post(client, f"{at}/priorities", PRIORITY)
    assert priority.status_code == 201, priority.text
    await post(client, f"{at}/consultations", CONSULTATION)
    answer = await post(client, f"{at}/adoption", ADOPTION)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "adopted"
    return at, priority.json()["id"]


async def test_a_plan_is_drafted_consulted_and_adopted(client: AsyncClient) -> None:
    body = await recorded(client)
    assert body.items() >= PLAN.items()
    assert (body["status"], body["adopted_on"]) == ("draft", None)
    at = f"/plans/{body['id']}"
    await post(client, f"{at}/priorities", PRIORITY)
    await post(client, f"{at}/consultations", CONSULTATION)
    assert (await get(client, at)).json()["status"] == "consulted"
    await post(client, f"{at}/consultations", CONSULTATION | {"attended": 0})
    await post(client, f"{at}/adoption", ADOPTION)
    read = (await get(client, at)).json()
    assert (read["status"], read["adopted_on"]) == ("adopted", "2009-06-01")
    assert [one["titles"] for one in read["priorities"]] == [PRIORITY["titles"]]
    assert [one["attended"] for one in read["consultations"]] == [41, 0]


async def test_a_plan_that_nobody_was_asked_about_is_not_adopted(
    client: AsyncClient,
) -> None:
    at = f"/plans/{(await recorded(client))['id']}"
    await post(client, f"{at}/priorities", PRIORITY)
    answer = await post(client, f"{at}/adoption", ADOPTION)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:uramost:problem:not-ready"


async def test_an_adopted_plan_does_not_change_and_each_act_is_on_record(
    client: AsyncClient, database: Fresh
) -> None:
    at, _ = await adopted(client)
    for path, body in (
        ("priorities", PRIORITY),
        ("consultations", CONSULTATION),
        ("adoption", ADOPTION),
    ):
        answer = await post(client, f"{at}/{path}", body)
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:uramost:problem:settled"
    acts = "select string_agg(act, ' ' order by id) from audit_entry"
    assert await ask(database.superuser, acts) == (
        "plan:record priority:record consultation:record plan:adopt"
    )


async def test_of_two_adoptions_at_one_instant_one_is_too_late(
    client: AsyncClient,
) -> None:
    at = f"/plans/{(await recorded(client))['id']}"
    await post(client, f"{at}/priorities", PRIORITY)
    await post(client, f"{at}/consultations", CONSULTATION)
    answers = await asyncio.gather(
        *(post(client, f"{at}/adoption", ADOPTION) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]


async def test_others_see_a_plan_once_it_is_out_for_consultation(
    client: AsyncClient,
) -> None:
    at = f"/plans/{(await recorded(client))['id']}"
    await post(client, f"{at}/priorities", PRIORITY)
    hidden = await get(client, at, "who")
    absent = await get(client, f"/plans/{uuid4()}", "who")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert (await get(client, "/plans", "who")).json()["items"] == []
    await post(client, f"{at}/consultations", CONSULTATION)
    assert (await get(client, at, "who")).json() == (await get(client, at)).json()
    assert len((await get(client, "/plans", "who")).json()["items"]) == 1
    for path, body in (("priorities", PRIORITY), ("adoption", ADOPTION)):
        answer = await post(client, f"{at}/{path}", body, "who")
        assert answer.status_code == 404  # read by all, changed by its own agency


async def test_the_database_itself_hides_drafts_and_what_is_in_them(
    client: AsyncClient, database: Fresh
) -> None:
    at = f"/plans/{(await recorded(client))['id']}"
    await post(client, f"{at}/priorities", PRIORITY)
    count = "select (select count(*) from plan) + (select count(*) from priority)"
    connection = await asyncpg.connect(database.url)
    seen = []
    for tenant in ("", "who", "undp"):
        await connection.execute("select set_config('app.agency', $1, false)", tenant)
        seen.append(await connection.fetchval(count))
    await post(client, f"{at}/consultations", CONSULTATION)
    for tenant in ("who", ""):
        await connection.execute("select set_config('app.agency', $1, false)", tenant)
        seen.append(await connection.fetchval(count))
    await connection.close()
    assert seen == [0, 0, 2, 2, 0]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "update priority set sector = 'health'")


WRONG: list[dict[str, object]] = [
    {"kind": "secret"},
    {"titles": {}},
    {"titles": {"fr": "Plan"}},
    {"municipalities": []},
    {"municipalities": ["Mitrovica!"]},
    {"starts_on": "2012-01-01"},
    {"budget": "5.00"},
]


async def test_a_plan_that_cannot_be_is_refused(client: AsyncClient) -> None:
    for wrong in WRONG:
        answer = await post(client, "/plans", PLAN | wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"]


async def test_whoever_only_applies_reads_plans_and_records_none(
    client: AsyncClient,
) -> None:
    headers = as_agency("gruaja", Grants.READ_PLANS)
    answer = await client.post("/plans", json=PLAN, headers=headers)
    assert answer.status_code == 403
    assert (await client.get("/plans", headers=headers)).status_code == 200


def test_every_status_has_its_row() -> None:
    assert NEXT.keys() == set(Status)


@given(st.sampled_from(Status), st.integers(min_value=0, max_value=3))
def test_no_step_leads_where_the_table_does_not(status: Status, count: int) -> None:
    if Status.ADOPTED in NEXT[status] and count:
        assert adopt(status, count) is Status.ADOPTED
    else:
        with pytest.raises(Settled if status is Status.ADOPTED else NotReady):
            adopt(status, count)
    if status is Status.ADOPTED:
        with pytest.raises(Settled):
            after_consultation(status)
    else:
        assert after_consultation(status) is Status.CONSULTED
