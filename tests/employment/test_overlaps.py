import asyncio
import json
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.employment.placements import store
from services.employment.placements.models import Placement
from services.employment.placements.rules import Overlapping
from services.kit.database import Database
from tests.databases import Fresh, ask, execute
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


async def test_part_time_contested_and_ended_placements_hinder_nobody(
    north: Agency, south: Agency, neighbours: Neighbours, database: Fresh
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
    await execute(database.superuser, "update placement set status = 'ended'")
    assert (await south.place(await south.vacancy(), person)).status_code == 201


async def test_of_twenty_at_one_instant_by_two_agencies_exactly_one_stands(
    north: Agency, south: Agency, database: Fresh
) -> None:
    person = uuid4()
    vacancies = [(agency, await agency.vacancy()) for agency in (north, south)] * 10
    answers = await asyncio.gather(
        *(agency.place(vacancy, person) for agency, vacancy in vacancies)
    )
    assert sorted(one.status_code for one in answers) == [201] + [409] * 19
    assert await ask(database.superuser, COUNT) == 1
    entries = "select count(*) from audit_entry where act = 'placement:refuse'"
    assert await ask(database.superuser, entries) == 19


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
            recorded_by="officer",
        )

    async def second(connections: Database) -> None:
        async with connections.session("unicef") as session:
            await store.add(session, placement())

    async with Database.connect(database.url) as connections:
        async with connections.session("unicef") as session:
            await store.add(session, placement())
            waiting = asyncio.create_task(second(connections))
            async with asyncio.timeout(10):
                while (event := await ask(database.superuser, WAITING)) is None:  # noqa: ASYNC110 -- only the database knows
                    await asyncio.sleep(0.01)
        with pytest.raises(Overlapping):
            await waiting
    assert event == "advisory"  # in the exclusion itself, each would await the other
