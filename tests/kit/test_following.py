"""Following a feed: a part at once, each event once and in order, none passed by."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from services.kit.following import Event, Follower, Part
from services.kit.ids import new_id
from services.kit.pages import read_cursor
from tests.databases import Fresh, Freshly, ask

PARTS = 10
EVENTS = [
    Event(
        id=new_id(), type="happened", subject=new_id(), time=datetime.now(UTC), data={}
    )
    for _ in range(25)
]
IDS = [one.id for one in EVENTS]


@dataclass
class Office:
    """A feed of a few events, and a service that does what they ask, unless it cannot.

    What was done is kept in a table of the programme's, so that it can be rolled back.
    """

    pool: asyncpg.Pool
    poison: set[UUID] = field(default_factory=set)
    tried: list[Sequence[UUID]] = field(default_factory=list)

    async def source(self, after: str | None, /) -> Part:
        begin = 0 if after is None else IDS.index(read_cursor(after)) + 1
        return Part(items=EVENTS[begin : begin + PARTS], more=begin + PARTS < len(IDS))

    async def apply(
        self, connection: asyncpg.Connection, events: Sequence[Event]
    ) -> None:
        self.tried.append([one.id for one in events])
        await connection.execute("select set_config('app.agency', $1, true)", COUNTER)
        for one in events:
            await connection.execute("insert into counted_event values ($1)", one.id)
            if one.id in self.poison:
                raise ZeroDivisionError

    def follower(self, *alone: UUID) -> Follower:
        def apart(event: Event) -> bool:
            return event.id in alone

        return Follower("test", self.pool, self.source, self.apply, apart)


COUNTER = "programme-counter"
DONE = "select array_agg(id order by counted_at) from counted_event"
MARK = "select applied from following where cursor = $1"


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("programme")


@pytest.fixture
async def office(database: Fresh) -> AsyncIterator[Office]:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=2) as pool:
        yield Office(pool)


async def test_what_is_given_at_once_is_applied_at_once_and_marked_with_it(
    office: Office, database: Fresh
) -> None:
    follower = office.follower()
    for _ in range(4):
        await follower.step()
    assert office.tried == [IDS[:10], IDS[10:20], IDS[20:]]
    assert await ask(database.superuser, MARK, IDS[-1]) == len(IDS)
    assert await ask(database.superuser, DONE) == IDS


async def test_what_needs_a_transaction_of_its_own_has_one_in_its_place(
    office: Office,
) -> None:
    await office.follower(IDS[0], IDS[4], IDS[5]).step()
    assert office.tried == [IDS[:1], IDS[1:4], IDS[4:5], IDS[5:6], IDS[6:10]]


async def test_what_cannot_be_applied_holds_up_those_after_it_and_loses_none(
    office: Office, database: Fresh
) -> None:
    follower, office.poison = office.follower(), {IDS[13]}
    await follower.step()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await follower.step()
    assert await ask(database.superuser, DONE) == IDS[:13]
    assert await ask(database.superuser, MARK, IDS[12]) == 13
    assert follower.behind() > 0
    office.poison = set()
    office.tried.clear()
    await follower.step()
    await follower.step()
    assert await ask(database.superuser, DONE) == IDS
    assert office.tried == [*([one] for one in IDS[13:23]), IDS[23:]]


async def test_of_two_processes_one_applies_and_the_other_leaves_it_be(
    office: Office, database: Fresh
) -> None:
    first, second = office.follower(), office.follower()
    part = await office.source(None)

    async def overtaken(_: str | None, /) -> Part:
        await first.step()
        return part

    second.source = overtaken
    await second.step()
    assert office.tried == [IDS[:10]]
    assert await ask(database.superuser, MARK, IDS[9]) == 10
