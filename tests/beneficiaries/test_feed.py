"""The feeds: every move of a person once and in order, and nothing that tells who."""

import asyncio
from importlib import import_module
from uuid import UUID

import asyncpg
import pytest

from services.kit.outbox import Event, forget, publish
from services.programme.counts.rules import Measure
from tests.beneficiaries.conftest import Agency, registration
from tests.beneficiaries.hearing import PREFIX, read, types
from tests.databases import Fresh, ask, execute
from tests.programme.counted import counted

RECORDED = PREFIX + "registration.recorded"


async def test_a_merge_and_its_undoing_are_told_with_the_keys_before_and_after(
    north: Agency, south: Agency, service: Agency
) -> None:
    first = (await north.record())["id"]
    second = (await south.record())["id"]
    assert (await south.post(f"/registrations/{second}/withdrawal")).status_code == 204
    told = await read(service, "/persons/feed", limit=1)
    merged, split, withdrawn = (one for one in told if one["type"] != RECORDED)
    assert types([merged, split, withdrawn]) == [
        "person.merged",
        "person.split",
        "registration.withdrawn",
    ]
    assert {one["subject"] for one in (merged, split, withdrawn)} == {second}
    about = {"agency": "who", "contested": False}
    assert merged["data"] == about | {"before": second, "person": first, "moves": 1}
    assert split["data"] == about | {"before": first, "person": second, "moves": 2}


async def test_an_agency_hears_of_its_own_registrations_and_of_no_other_s_link(
    north: Agency, south: Agency
) -> None:
    first = (await north.record())["id"]
    await south.record()
    assert types(await read(north)) == ["registration.recorded"]
    twin = (await north.record())["id"]
    told = await read(north)
    assert types(told)[1:] == ["registration.regrouped", "registration.recorded"]
    assert {one["subject"] for one in told} == {first, twin}


async def test_one_agency_s_cursor_is_none_to_another(
    north: Agency, south: Agency
) -> None:
    await north.record()
    mine = (await north.get("/feed")).json()["next"]
    foreign = await south.get(f"/feed?cursor={mine}")
    assert foreign.status_code == 410
    assert foreign.json()["type"] == "urn:uramost:problem:forgotten"


async def test_services_hear_of_each_registration_once_as_the_person_it_begins_as(
    north: Agency, south: Agency, service: Agency
) -> None:
    """Whom it was found to be is told apart, by a move that counts later."""
    body = registration()
    keys = [(await north.record(**body))["id"], (await south.record())["id"]]
    await north.post("/registrations", body)
    told = await read(service, "/persons/feed")
    recorded = [one for one in told if one["type"] == RECORDED]
    assert [one["subject"] for one in recorded] == keys
    assert [one["data"] for one in recorded] == [
        {"agency": agency, "person": key, "moves": 0}
        for agency, key in zip(("unicef", "who"), keys, strict=True)
    ]
    (moved,) = (one["data"] for one in told if one not in recorded)
    assert (moved["person"], moved["moves"]) == (keys[0], 1)


async def test_what_was_recorded_before_services_heard_of_it_is_told_once(
    north: Agency, south: Agency, service: Agency, databases: dict[str, Fresh]
) -> None:
    for agency in (north, south):
        await agency.record()
    gone = (await north.record(source_id="gone"))["id"]
    await north.post(f"/registrations/{gone}/withdrawal")
    of = databases["beneficiaries"]
    migration = import_module("services.beneficiaries.migrations.versions.0009_results")
    await execute(of.superuser, "truncate outbox")
    await execute(of.owner, migration.TOLD)
    told = (await service.get("/persons/feed")).json()
    assert types(told["items"]) == ["registration.recorded"] * 2
    assert counted(told) == {Measure.PEOPLE_REACHED: 1}
    assert await ask(of.owner, "select count(*) from membership") == 0


async def test_positions_are_given_in_pieces_and_in_order(
    north: Agency, databases: dict[str, Fresh], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kit.outbox.AT_ONCE", 2)
    subjects = [UUID(int=number) for number in range(1, 8)]
    process = await asyncpg.connect(databases["beneficiaries"].url)
    for one in subjects:
        await publish(process, Event("test.happened", one, "unicef"))
    await process.close()
    told = await read(north, limit=1)
    assert [one["subject"] for one in told] == [str(one) for one in subjects]


async def test_what_happens_reaches_whoever_waits_for_it(north: Agency) -> None:
    waiting = asyncio.create_task(north.get("/feed?wait=10"))
    await asyncio.sleep(0.1)
    recorded = await north.record()
    (heard,) = (await asyncio.wait_for(waiting, 60)).json()["items"]
    assert heard["subject"] == recorded["id"]


async def test_who_committed_last_is_not_passed_by(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    """The one that began first commits after the other has been read."""
    url = databases["beneficiaries"].url
    late, early = await asyncpg.connect(url), await asyncpg.connect(url)
    first, second = UUID(int=1), UUID(int=2)
    begun = late.transaction()
    await begun.start()
    await publish(late, Event("test.first", first, "unicef"))
    await publish(early, Event("test.second", second, "unicef"))
    before = await read(north)
    await begun.commit()
    told = [one["subject"] for one in await read(north)]
    assert before == []
    assert told == [str(first), str(second)]
    await late.close()
    await early.close()


async def test_what_an_earlier_server_wrote_is_told_too(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    """A restored dump stands on a server whose transactions are numbered anew."""
    restored = await asyncpg.connect(databases["beneficiaries"].superuser)
    await publish(restored, Event("test.restored", UUID(int=1), "unicef"))
    await restored.execute("update outbox set txid = '9000000000'")
    await publish(restored, Event("test.new", UUID(int=2), "unicef"))
    await restored.close()
    told = {one["subject"] for one in await read(north)}
    assert told == {str(UUID(int=1)), str(UUID(int=2))}


async def test_old_events_are_forgotten_but_a_reader_finds_its_place(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    """A feed in which nothing happens for long must not lose those who follow it."""
    for _ in range(2):
        await north.record(names={"given": "Ana", "family": "Ilić"}, documents=[])
    part = (await north.get("/feed?limit=1")).json()
    owner = await asyncpg.connect(databases["beneficiaries"].superuser)
    await owner.execute("update outbox set occurred_at = now() - interval '91 days'")
    await owner.close()
    process = await asyncpg.connect(databases["beneficiaries"].url)
    await forget(process, 90)
    await process.close()
    (left,) = await read(north)
    last = (await north.get("/feed")).json()["next"]
    await north.record(source_id="later")
    assert (await north.get(f"/feed?cursor={part['next']}")).status_code == 410
    after = (await north.get(f"/feed?cursor={last}")).json()["items"]
    assert left["id"] not in {one["id"] for one in after}
    assert after


async def test_what_was_rolled_back_is_told_to_nobody(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    connection = await asyncpg.connect(databases["beneficiaries"].url)
    begun = connection.transaction()
    await begun.start()
    await publish(connection, Event("test.lost", UUID(int=1), "unicef"))
    await begun.rollback()
    await connection.close()
    assert await read(north) == []


async def test_nothing_of_the_feed_is_personal(
    north: Agency, south: Agency, service: Agency
) -> None:
    body = registration()
    await north.record(**body)
    await south.record()
    told = str(await read(service, "/persons/feed") + await read(north))
    planted = ("Mërgim", "Prekazi", "1990", "38344123456", "1002003007", "Lisit")
    assert [one for one in (*planted, body["source_id"]) if one in told] == []
    assert "person.merged" in told
