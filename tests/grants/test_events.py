import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from httpx import AsyncClient, Response

from services.grants.events.rules import NEXT, EventOver, Status, move
from services.grants.permissions import Grants
from tests.databases import Fresh, ask, execute
from tests.grants.conftest import as_agency

FORUM = {
    "titles": {
        "sq": "Forumi për qytetet e ndara",
        "sr-Latn": "Forum o podeljenim gradovima",
        "en": "Forum on Divided Cities",
    },
    "municipalities": ["mitrovica-north", "mitrovica-south"],
    "starts_on": "2010-05-20",
    "ends_on": "2010-05-22",
}


async def post(
    client: AsyncClient, path: str, body: object = None, agency: str = "undp"
) -> Response:
    return await client.post(path, json=body, headers=as_agency(agency))


async def planned(client: AsyncClient, **changed: object) -> dict[str, Any]:
    answer = await post(client, "/events", FORUM | changed)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_an_event_is_planned_held_and_read_by_all(client: AsyncClient) -> None:
    event = await planned(client)
    assert (event["status"], event["attended"]) == ("planned", None)
    at = f"/events/{event['id']}"
    answer = await post(client, f"{at}/attendance", {"attended": 230})
    assert answer.status_code == 200
    read = await client.get(at, headers=as_agency("who"))
    assert read.json() == answer.json() == event | {"status": "held", "attended": 230}
    listed = await client.get("/events", headers=as_agency("who"))
    assert listed.json() == {"items": [read.json()], "next": None}


async def test_the_organisers_of_an_event_are_organisations_that_are_recorded(
    client: AsyncClient,
) -> None:
    organisation = await post(client, "/organisations", {"name": "Most", "kind": "cso"})
    body = organisation.json()
    key = body.get("organisation", body)["id"]
    assert (await planned(client, organisers=[key]))["organisers"] == [key]
    nobody = await post(client, "/events", FORUM | {"organisers": [str(uuid4())]})
    assert nobody.status_code == 404


async def test_nobody_has_come_to_an_event_before_it_begins(
    client: AsyncClient,
) -> None:
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    event = await planned(client, starts_on=later, ends_on=later)
    answer = await post(client, f"/events/{event['id']}/attendance", {"attended": 5})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:uramost:problem:not-yet-held"


async def test_an_event_ends_once_and_each_act_is_on_record(
    client: AsyncClient, database: Fresh
) -> None:
    at = f"/events/{(await planned(client))['id']}"
    answers = await asyncio.gather(
        *(post(client, f"{at}/attendance", {"attended": 5}) for _ in range(2)),
        *(post(client, f"{at}/cancellation") for _ in range(2)),
    )
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    acts = "select string_agg(act, ' ' order by id) from audit_entry"
    told = str(await ask(database.superuser, acts)).split()
    assert told in (["event:record", "event:hold"], ["event:record", "event:cancel"])


async def test_attendance_is_one_number_and_never_a_number_for_each_community(
    client: AsyncClient,
) -> None:
    at = f"/events/{(await planned(client))['id']}/attendance"
    split = {"attended": 9, "communities": {"albanian": 5, "serb": 4}}
    for wrong in (split, {"attended": -1}, {"attended": {"serb": 4}}):
        assert (await post(client, at, wrong)).status_code == 422


async def test_nobody_changes_an_event_of_another_agency(
    client: AsyncClient, database: Fresh
) -> None:
    at = f"/events/{(await planned(client))['id']}"
    for path, body in (("attendance", {"attended": 5}), ("cancellation", None)):
        answer = await post(client, f"{at}/{path}", body, "who")
        assert answer.status_code == 404
    connection = await asyncpg.connect(database.url)
    await connection.execute("select set_config('app.agency', 'who', false)")
    assert await connection.fetchval("select count(*) from event") == 1
    changed = await connection.execute("update event set status = 'cancelled'")
    await connection.close()
    assert changed == "UPDATE 0"
    assert await ask(database.url, "select count(*) from event") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "delete from event")


async def test_whoever_only_applies_reads_events_and_records_none(
    client: AsyncClient,
) -> None:
    headers = as_agency("gruaja", Grants.READ_EVENTS)
    answer = await client.post("/events", json=FORUM, headers=headers)
    assert answer.status_code == 403
    assert (await client.get("/events", headers=headers)).status_code == 200


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("wanted", Status)
def test_an_event_moves_as_its_table_says(current: Status, wanted: Status) -> None:
    assert NEXT.keys() == set(Status)
    if wanted in NEXT[current]:
        assert move(current, wanted) is wanted
    else:
        with pytest.raises(EventOver):
            move(current, wanted)
