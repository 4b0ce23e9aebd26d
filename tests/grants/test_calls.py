import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.grants.calls.rules import Content, instant
from tests.databases import Fresh, ask
from tests.grants.world import CRITERIA, World

CONTENT: dict[str, Any] = {
    "title": "Bridges",
    "currency": "EUR",
    "ceiling": "25000.00",
    "budget": "100000.00",
    "opens_at": "2030-01-07T09:00:00",
    "closes_at": "2030-07-01T17:00:00",
    "time_zone": "Europe/Belgrade",
    "rules": [{"kind": "minimum_organisations", "count": 2}],
    "criteria": CRITERIA,
}


async def test_a_call_is_written_changed_published_and_closed(world: World) -> None:
    officer = world.officer()
    draft = await officer.done("/calls", CONTENT)
    path = f"/calls/{draft['id']}"
    changed = await officer.put(path, CONTENT | {"ceiling": "20000.00"})
    assert (
        changed.json() == draft | {"ceiling": "20000.0000"}
        or changed.json()["ceiling"] == "20000.00"
    )
    assert (await officer.done(f"{path}/publication"))["status"] == "published"
    closed = await officer.done(f"{path}/closing")
    assert closed["status"] == "closed"
    assert closed["closed_at"] is not None
    assert await officer.read(path) == closed
    assert (await officer.read("/calls"))["items"] == [closed]


async def test_what_has_been_published_cannot_be_changed(world: World) -> None:
    call = await world.call()
    answer = await world.officer().put(f"/calls/{call}", CONTENT)
    assert answer.json()["type"] == "urn:uramost:problem:call-not-ready"
    again = await world.officer().post(f"/calls/{call}/publication")
    assert again.status_code == 409


async def test_another_agency_cannot_tell_a_draft_exists(world: World) -> None:
    draft = await world.officer().done("/calls", CONTENT)
    other = world.officer("who")
    hidden = await other.get(f"/calls/{draft['id']}")
    absent = await other.get(f"/calls/{uuid4()}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert (await other.read("/calls"))["items"] == []


async def test_everybody_reads_what_is_published_and_only_its_agency_acts(
    world: World,
) -> None:
    call = await world.call()
    reader = await world.organisation()
    assert (await reader.read(f"/calls/{call}"))["status"] == "published"
    other = await world.officer("who").post(f"/calls/{call}/closing")
    assert other.status_code == 404


async def test_a_deadline_is_shown_in_its_zone_and_in_utc(world: World) -> None:
    call = await world.officer().done("/calls", CONTENT)
    assert call["opens_at"]["utc"] == "2030-01-07T08:00:00Z"
    assert call["opens_at"]["local"] == "2030-01-07T09:00:00+01:00"
    assert call["closes_at"]["utc"] == "2030-07-01T15:00:00Z"
    assert call["closes_at"]["local"] == "2030-07-01T17:00:00+02:00"


@pytest.mark.parametrize("argued_about", ["2030-03-31T02:30:00", "2030-10-27T02:30:00"])
async def test_a_deadline_that_clocks_show_twice_or_never_is_refused(
    world: World, argued_about: str
) -> None:
    wrong = CONTENT | {"closes_at": argued_about}
    answer = await world.officer().post("/calls", wrong)
    assert answer.status_code == 422


def test_a_day_before_and_after_a_change_of_clocks_is_one_moment() -> None:
    before = instant(datetime(2030, 3, 30, 12), "Europe/Belgrade")  # noqa: DTZ001 -- a clock's face
    after = instant(datetime(2030, 3, 31, 12), "Europe/Belgrade")  # noqa: DTZ001 -- a clock's face
    assert after - before == timedelta(hours=23)
    assert before == datetime(2030, 3, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "EURO"},
        {"currency": "JPY", "ceiling": "25000.50"},
        {"ceiling": 25000.0},
        {"ceiling": "25000.005"},
        {"ceiling": "0"},
        {"ceiling": "100000.01"},
        {"closes_at": "2030-01-07T09:00:00"},
        {"closes_at": "2030-07-01T17:00:00Z"},
        {"time_zone": "Mitrovica/Bridge"},
        {"time_zone": "../etc/passwd"},
        {"criteria": CRITERIA[:1]},
        {"criteria": [CRITERIA[0], CRITERIA[1] | {"weight": "40.01"}]},
        {"criteria": [CRITERIA[0], CRITERIA[1] | {"key": "bridge"}]},
        {"criteria": []},
        {"assessors": 1},
        {"attempts": 0},
        {"rules": [{"kind": "community_is", "community": "serb"}]},
        {"rules": [{"kind": "minimum_organisations", "count": 1}]},
        {"person": "x"},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Content.model_validate_json(json.dumps(CONTENT | wrong))


async def test_what_is_refused_is_not_repeated(world: World) -> None:
    wrong = CONTENT | {"currency": "EURO", "ceiling": "25000.005"}
    answer = await world.officer().post("/calls", wrong)
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/body/currency"}
    for repeated in ("EURO", "25000.005"):
        assert repeated not in answer.text


async def test_two_who_close_at_one_instant_close_once(
    world: World, database: Fresh
) -> None:
    call = await world.call()
    answers = await asyncio.gather(
        *(world.officer().post(f"/calls/{call}/closing") for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    acts = "select count(*) from audit_entry where act = 'call:close'"
    assert await ask(database.superuser, acts) == 1
