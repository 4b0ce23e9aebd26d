"""What employment tells the services of its results, and what the programme counts."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.employment.permissions import Employment
from services.kit.feed import TYPES
from services.programme.counts.rules import Measure
from tests.databases import Fresh, ask
from tests.employment.conftest import Agency
from tests.employment.test_trainings import COURSE, TEACHER, course
from tests.programme.counted import counted

Json = dict[str, Any]
WAITING = """
select count(*) from pg_locks l join pg_stat_activity a using (pid)
where not l.granted and a.datname = current_database()
"""


@pytest.fixture
def programme(north: Agency) -> Agency:
    """The programme service, acting for itself."""
    held = (Employment.FOLLOW_RESULTS,)
    return Agency(north.client, north.neighbours, "service:programme", *held)


async def heard(programme: Agency) -> Json:
    answer = await programme.get("/results/feed", limit="500")
    assert answer.status_code == 200, answer.text
    feed: Json = answer.json()
    return feed


async def step(agency: Agency, placement: str, **what: str) -> None:
    answer = await agency.post(f"/placements/{placement}/steps", **what)
    assert answer.status_code == 200, answer.text


async def test_a_placement_counts_from_its_start_by_the_term_that_it_has(
    north: Agency, programme: Agency
) -> None:
    vacancy = await north.vacancy()
    made = await north.place(vacancy, uuid4(), "2026-03-01", None)
    assert counted(await heard(programme)) == {}
    await step(north, made.json()["id"], status="started")
    assert counted(await heard(programme)) == {Measure.LONG_TERM_PLACEMENTS: 1}
    ended = {"status": "ended", "on": "2026-04-30", "why": "left"}
    await step(north, made.json()["id"], **ended)
    feed = await heard(programme)
    assert counted(feed) == {Measure.SHORT_TERM_PLACEMENTS: 1}
    assert [one["data"] for one in feed["items"]] == [
        {"status": "accepted", "term": "long"},
        {"status": "started", "term": "long"},
        {"status": "ended", "term": "short"},
    ]


async def test_a_start_that_is_recorded_late_and_dated_anew_counts_too(
    north: Agency, programme: Agency
) -> None:
    vacancy = await north.vacancy(hours="part_time")
    made = await north.place(vacancy, uuid4(), status="started")
    assert counted(await heard(programme)) == {Measure.SHORT_TERM_PLACEMENTS: 1}
    path = f"/placements/{made.json()['id']}/dates"
    moved = await north.put(path, starts_on="2026-03-01", ends_on="2026-08-31")
    assert moved.status_code == 200, moved.text
    assert counted(await heard(programme)) == {Measure.LONG_TERM_PLACEMENTS: 1}


async def people(agency: Agency, training: str, *kinds: str) -> list[str]:
    path = f"/trainings/{training}/participants"
    bodies = [TEACHER | {"kind": kind} for kind in kinds]
    return [(await agency.recorded(path, **body))["id"] for body in bodies]


async def attend(agency: Agency, session: str, *there: str) -> None:
    path = f"/training-sessions/{session}/attendance"
    assert (await agency.put(path, participants=there)).status_code == 204


async def test_a_training_counts_once_it_was_attended_and_with_who_was_there(
    north: Agency, programme: Agency
) -> None:
    key, (first, second) = await course(north, 2)
    one, two, official, other = await people(
        north, key, "teacher", "teacher", "official", "entrepreneur"
    )
    assert counted(await heard(programme)) == {}
    await attend(north, first, one, official)
    await attend(north, second, one, two, other)
    feed = await heard(programme)
    assert feed["items"][-1]["subject"] == key
    whole = {"teachers": 2, "officials": 1, "others": 1}
    assert feed["items"][-1]["data"] == whole
    assert counted(feed) == {
        Measure.TEACHER_TRAININGS_HELD: 1,
        Measure.TEACHERS_TRAINED: 2,
        Measure.OFFICIALS_TRAINED: 1,
    }
    await attend(north, first)
    await attend(north, second)
    assert counted(await heard(programme)) == {}


async def waits(database: Fresh, many: int, task: "asyncio.Task[None]") -> None:
    """Wait until so many transactions wait for another, or the task is done."""
    async with asyncio.timeout(60):
        while not task.done() and await ask(database.superuser, WAITING) != many:  # noqa: ASYNC110 -- the database knows, and tells nobody
            await asyncio.sleep(0.01)


async def test_of_sessions_recorded_at_one_instant_the_whole_count_is_told_last(
    north: Agency, programme: Agency, database: Fresh
) -> None:
    """Who began first is held up between what it writes and what it counts."""
    key, (first, second) = await course(north, 2)
    one, other = await people(north, key, "teacher", "teacher")
    outside = await asyncpg.connect(database.superuser)
    async with outside.transaction():
        await outside.execute("select from participant where id = $1 for update", one)
        early = asyncio.create_task(attend(north, first, one))
        await waits(database, 1, early)
        late = asyncio.create_task(attend(north, second, other))
        await waits(database, 2, late)
    await asyncio.gather(early, late)
    await outside.close()
    assert counted(await heard(programme))[Measure.TEACHERS_TRAINED] == 2


async def test_an_activity_counts_while_it_runs_and_once_it_is_completed(
    north: Agency, programme: Agency
) -> None:
    employer = (await north.employer())["id"]
    about = {"kind": "equipment", "title": "An oven", "starts_on": "2026-02-01"}
    path = "/enterprise-activities"
    runs, stops = [
        (await north.recorded(path, employer=employer, **about))["id"] for _ in range(2)
    ]
    for key, state in ((runs, "running"), (runs, "completed"), (stops, "stopped")):
        done = await north.post(f"{path}/{key}/steps", state=state)
        assert done.status_code == 200, done.text
    assert counted(await heard(programme)) == {Measure.ENTERPRISE_ACTIVITIES: 1}


async def test_a_business_that_two_agencies_link_is_one_business(
    north: Agency, south: Agency, programme: Agency
) -> None:
    shared = str(north.neighbours.organisation("Furra Buka", "mitrovica-south"))
    for agency in (north, south):
        one = await agency.recorded("/employers", organisation=shared)
        other = await agency.employer("Mlin", "zvecan")
        ends = {"one": one["id"], "other": other["id"]}
        link = {"project": "Bread", "since": "2026-02-01"}
        await agency.recorded("/business-links", **link, **ends)
    assert counted(await heard(programme)) == {
        Measure.BUSINESS_LINKS: 2,
        Measure.BUSINESSES_LINKED: 3,
    }


async def test_nothing_that_services_hear_tells_who_or_where_it_was(
    north: Agency, programme: Agency
) -> None:
    key, (session,) = await course(north, 1)
    await attend(north, session, *await people(north, key, "teacher"))
    made = await north.place(await north.vacancy(), uuid4())
    told = (await heard(programme))["items"]
    assert {one["type"].removeprefix(TYPES) for one in told} == {
        "training.held",
        "placement.recorded",
    }
    planted = (
        *(COURSE["title"], TEACHER["institution"], "unicef", "zvecan"),
        *(made.json()["registration"], made.json()["vacancy"]),
    )
    assert [one for one in planted if str(one) in str(told)] == []


async def test_an_agency_does_not_hear_what_services_hear(north: Agency) -> None:
    held = set(Employment) - {Employment.FOLLOW_RESULTS}
    agency = Agency(north.client, north.neighbours, "unicef", *held)
    assert (await agency.get("/results/feed")).status_code == 403
