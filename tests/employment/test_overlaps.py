import asyncio
import json
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.employment.placements import store
from services.employment.placements.models import Placement
from services.employment.placements.rules import Overlapping, Status
from services.kit.database import Database
from tests.databases import Fresh, ask
from tests.employment.conftest import Agency
from tests.employment.neighbours import Neighbours

COUNT = "select count(*) from placement"


async def test_nobody_is_in_two_full_time_placements_whoever_placed_them(
    north: Agency, south: Agency
) -> None:
    person = uuid4()
    assert (await north.place(await north.vacancy(), person)).status_code == 201
    refused = await south.place(
        await south.vacancy(), person, "2026-05-31", "2026-12-31"
    )
    own = await north.place(await north.vacancy(), person, "2026-03-01", None)
    assert refused.status_code == own.status_code == 409
    assert refused.json() == {
        "type": "urn:uramost:problem:overlapping",
        "title": "This person cannot be placed full-time in these days.",
        "status": 409,
        "trace": "0" * 32,
    }
    assert refused.content == own.content
    assert (await south.get("/placements")).json()["items"] == []


async def test_the_day_after_the_last_is_free(north: Agency, south: Agency) -> None:
    person = uuid4()
    assert (await north.place(await north.vacancy(), person)).status_code == 201
    after = await south.place(await south.vacancy(), person, "2026-06-01", None)
    assert after.status_code == 201
    assert after.json()["term"] == "long"


async def test_part_time_and_contested_placements_hinder_nobody(
    north: Agency, south: Agency, neighbours: Neighbours
) -> None:
    person, doubtful = uuid4(), uuid4()
    neighbours.contested.add(doubtful)
    part = await north.vacancy("part_time")
    assert (await north.place(part, person)).status_code == 201
    assert (await north.place(part, person)).status_code == 201
    for agency, whom in ((north, person), (north, doubtful), (south, doubtful)):
        answer = await agency.place(await agency.vacancy(), whom)
        assert answer.status_code == 201
    assert (await south.place(await south.vacancy(), person)).status_code == 409


async def test_who_leaves_is_free_from_the_next_day_and_not_before(
    north: Agency, south: Agency
) -> None:
    person = uuid4()
    placed = (await north.place(await north.vacancy(), person, status="started")).json()
    ended = {"status": "ended", "why": "left", "on": "2026-04-10"}
    assert (await north.post(f"/placements/{placed['id']}/steps", **ended)).is_success
    vacancy = await south.vacancy()
    same_day = await south.place(vacancy, person, "2026-04-10", None)
    next_day = await south.place(vacancy, person, "2026-04-11", None)
    assert (same_day.status_code, next_day.status_code) == (409, 201)


async def test_a_proposal_keeps_nobody_from_anything_until_it_is_accepted(
    north: Agency, south: Agency
) -> None:
    person = uuid4()
    proposed = await north.place(await north.vacancy(), person, status="proposed")
    taken = await south.place(await south.vacancy(), person)
    assert (proposed.status_code, taken.status_code) == (201, 201)
    path = f"/placements/{proposed.json()['id']}/steps"
    refused = await north.post(path, status="accepted")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:uramost:problem:overlapping"
    [still] = await north.listed("/placements")
    assert still["status"] == "proposed"
    theirs = f"/placements/{taken.json()['id']}/steps"
    assert (await south.post(theirs, status="declined", why="by_person")).is_success
    assert (await north.post(path, status="accepted")).is_success


async def test_dates_that_reach_into_anothers_days_are_refused(
    north: Agency, south: Agency
) -> None:
    person = uuid4()
    first = (await north.place(await north.vacancy(), person)).json()
    vacancy = await south.vacancy()
    assert (await south.place(vacancy, person, "2026-06-01", None)).is_success
    path = f"/placements/{first['id']}/dates"
    longer = await north.put(path, starts_on="2026-03-01", ends_on="2026-06-01")
    assert longer.json()["type"] == "urn:uramost:problem:overlapping"
    shorter = await north.put(path, starts_on="2026-03-02", ends_on="2026-05-30")
    assert shorter.json()["ends_on"] == "2026-05-30"
    open_ended = await north.put(path, starts_on="2026-03-02")
    assert open_ended.status_code == 409


async def test_only_what_reaches_further_is_counted_as_asking(north: Agency) -> None:
    placed = (await north.place(await north.vacancy(), uuid4())).json()
    path = f"/placements/{placed['id']}/dates"
    for _ in range(12):
        same = await north.put(path, starts_on="2026-03-01", ends_on="2026-05-31")
        assert same.status_code == 200
    days = [f"2026-06-{day:02}" for day in range(1, 12)]
    asked = [await north.put(path, starts_on="2026-03-01", ends_on=on) for on in days]
    assert [one.status_code for one in asked] == [200] * 9 + [429] * 2


PAIRS = 60


async def test_of_two_agencies_at_one_instant_exactly_one_stands_sixty_times(
    north: Agency, south: Agency, database: Fresh
) -> None:
    people = [uuid4() for _ in range(PAIRS)]
    offers = [(agency, await agency.vacancy()) for agency in (north, south)]
    answers = await asyncio.gather(
        *(
            agency.place(vacancy, person)
            for person in people
            for agency, vacancy in offers
        )
    )
    pairs = zip(answers[::2], answers[1::2], strict=True)
    ended = [sorted(one.status_code for one in pair) for pair in pairs]
    assert ended == [[201, 409]] * PAIRS
    assert await ask(database.superuser, COUNT) == PAIRS
    refusals = {one.content for one in answers if one.status_code == 409}
    assert len(refusals) == 1
    entries = "select count(*) from audit_entry where act = 'placement:refuse'"
    assert await ask(database.superuser, entries) == PAIRS


async def test_a_full_time_placement_needs_the_persons_consent(
    north: Agency, database: Fresh
) -> None:
    full, part = await north.vacancy(), await north.vacancy("part_time")
    refused = await north.place(full, uuid4(), overlap_check_consented=False)
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:uramost:problem:not-consented"
    assert await ask(database.superuser, COUNT) == 0
    placed = await north.place(part, uuid4(), overlap_check_consented=False)
    assert placed.status_code == 201


async def test_a_refused_overlap_is_on_record_though_nothing_was_placed(
    north: Agency, south: Agency, database: Fresh
) -> None:
    person = uuid4()
    await north.place(await north.vacancy(), person)
    await south.place(await south.vacancy(), person)
    entry = """select agency || ' ' || details from audit_entry
               where act = 'placement:refuse'"""
    said = str(await ask(database.superuser, entry))
    agency, _, details = said.partition(" ")
    assert agency == "who"
    assert json.loads(details) == {"refusal": "urn:uramost:problem:overlapping"}


async def test_one_registration_is_not_asked_about_without_end(
    north: Agency, south: Agency, neighbours: Neighbours, database: Fresh
) -> None:
    person = uuid4()
    await north.place(await north.vacancy(), person, "2026-01-01", None)
    vacancy = await south.vacancy()
    mine = str(neighbours.register("who", person))
    tried = [await south.place(vacancy, person, registration=mine) for _ in range(11)]
    assert [one.status_code for one in tried] == [409] * 10 + [429]
    assert tried[-1].headers["retry-after"] == "3600"
    other = await south.place(vacancy, uuid4())
    assert other.status_code == 201
    entries = "select count(*) from audit_entry where act = 'placement:refuse'"
    assert await ask(database.superuser, entries) == 11


async def test_a_refused_overlap_takes_no_place(north: Agency, south: Agency) -> None:
    person = uuid4()
    await north.place(await north.vacancy(), person)
    vacancy = await south.vacancy(places=1)
    assert (await south.place(vacancy, person)).status_code == 409
    assert (await south.get(f"/vacancies/{vacancy}")).json()["state"] == "published"


WAITING = """
select wait_event from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


async def test_two_at_one_instant_queue_for_the_person_and_never_deadlock(
    north: Agency, database: Fresh
) -> None:
    vacancy, person = UUID(await north.vacancy()), uuid4()

    def placement() -> Placement:
        return Placement(
            agency="unicef",
            vacancy=vacancy,
            registration=uuid4(),
            person=person,
            contested=False,
            full_time=True,
            starts_on=date(2026, 3, 1),
            overlap_check_consented=True,
            status=Status.ACCEPTED,
            recorded_by="officer",
        )

    async def second(connections: Database) -> None:
        async with connections.session("unicef") as session:
            await store.write(session, placement())

    async with Database.connect(database.url) as connections:
        async with connections.session("unicef") as session:
            await store.write(session, placement())
            waiting = asyncio.create_task(second(connections))
            async with asyncio.timeout(60):
                while (event := await ask(database.superuser, WAITING)) is None:  # noqa: ASYNC110 -- only the database knows
                    await asyncio.sleep(0.01)
        with pytest.raises(Overlapping):
            await waiting
    assert event == "advisory"  # in the exclusion itself, each would await the other
