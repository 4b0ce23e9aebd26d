"""Every statement of the follower, which acts for one agency after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.employment.following.rules import Move
from services.employment.standing import place
from services.kit.ids import new_id

NARROW = "select set_config('app.agency', $1, true)"
LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
STAND = """
insert into standing (registration, agency, person, contested, moves)
values ($1, $2, $3, $4, $5)
on conflict (registration) do update
set person = excluded.person, contested = excluded.contested, moves = excluded.moves
where standing.moves < excluded.moves and not standing.erased
"""
ERASED = """
insert into standing (registration, agency, contested, moves, erased)
values ($1, $2, false, 0, true)
on conflict (registration) do update set person = null, erased = true
"""
MOVED = """
select id from placement where registration = $1 and moves < $2 order by id for update
"""
ALONGSIDE = """
update {} set person = $2, moves = $3 where registration = $1 and moves < $3
"""
FREED = "select agency, id from placement where overlapping and person = $1"
HOLD = "select person from placement where id = $1 for update"
MOVE = """
update placement set person = $2, contested = $3, moves = $4, overlapping = false
where id = $1
"""
AGAIN = "update placement set overlapping = false where id = $1"
OVERLAPS = """
update placement set person = $2, contested = $3, moves = $4, overlapping = true
where id = $1
"""
OPEN = """
insert into overlap (id, agency, placement) values ($1, $2, $3) on conflict do nothing
returning id
"""
CLOSE = """
update overlap set closed_at = clock_timestamp(), outcome = 'parted'
where placement = $1 and closed_at is null returning id
"""
NOBODY = """
update placement
set registration = id, person = id, contested = false, overlapping = false
where registration = $1 returning id
"""
NO_PARTICIPANT = """
update participant set registration = id, person = id where registration = $1
"""
NO_SEEKER = "delete from seeker where registration = $1"


@dataclass(frozen=True, slots=True)
class Freed:
    """A placement of any agency that waits for the days of a person."""

    agency: str
    id: UUID


async def narrow(connection: asyncpg.Connection, agency: str) -> None:
    """See and change this agency's rows alone from here on."""
    await connection.execute(NARROW, agency)


async def hold_registration(connection: asyncpg.Connection, registration: UUID) -> None:
    await connection.execute(LOCK, place(registration))


async def queue(connection: asyncpg.Connection, persons: Iterable[UUID]) -> None:
    """Queue for persons where whoever places them queues; in one order for all."""
    for person in sorted({str(one) for one in persons}):
        await connection.execute(LOCK, person)


async def stand(connection: asyncpg.Connection, move: Move) -> None:
    """Remember where a registration stands, and move what holds no days along."""
    about = move.registration, move.agency, move.person, move.contested, move.moves
    await connection.execute(STAND, *about)
    for table in ("seeker", "participant"):
        statement = ALONGSIDE.format(table)
        await connection.execute(statement, move.registration, move.person, move.moves)


async def moved(connection: asyncpg.Connection, move: Move) -> list[UUID]:
    """Hold the placements that have not heard of a move yet."""
    rows = await connection.fetch(MOVED, move.registration, move.moves)
    return [row["id"] for row in rows]


async def freed(connection: asyncpg.Connection, person: UUID) -> Sequence[Freed]:
    """Find who waits for a person's days, with any agency; hold each as its agency."""
    await connection.execute("select set_config('app.person', $1, true)", str(person))
    found = [Freed(**row) for row in await connection.fetch(FREED, person)]
    await connection.execute("select set_config('app.person', '', true)")
    held = []
    for one in sorted(found, key=lambda one: one.id):
        await narrow(connection, one.agency)
        if await connection.fetchval(HOLD, one.id) == person:
            held.append(one)
    return held


async def stands(
    connection: asyncpg.Connection, statement: str, *values: object
) -> bool:
    """Try what the database may refuse because of a placement that stands."""
    try:
        async with connection.transaction():
            await connection.execute(statement, *values)
    except asyncpg.ExclusionViolationError:
        return False
    return True


async def open_case(
    connection: asyncpg.Connection, agency: str, placement: UUID
) -> UUID | None:
    key: UUID | None = await connection.fetchval(OPEN, new_id(), agency, placement)
    return key


async def close_case(connection: asyncpg.Connection, placement: UUID) -> UUID | None:
    key: UUID | None = await connection.fetchval(CLOSE, placement)
    return key


async def erase(
    connection: asyncpg.Connection, agency: str, registration: UUID
) -> list[UUID]:
    """Let nothing say whom it was about: the row's own id stands in for nobody."""
    await connection.execute(ERASED, registration, agency)
    await connection.execute(NO_SEEKER, registration)
    await connection.execute(NO_PARTICIPANT, registration)
    return [row["id"] for row in await connection.fetch(NOBODY, registration)]


async def end_seeking(connection: asyncpg.Connection, registration: UUID) -> None:
    await connection.execute(NO_SEEKER, registration)
