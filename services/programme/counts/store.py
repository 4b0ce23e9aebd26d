"""What the counting keeps, and what is shown of it: totals, and how far was read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller
from services.programme.counts.definitions import DEFINITIONS
from services.programme.counts.models import Followed, Total
from services.programme.counts.rules import Measure, Tallies, Tally

NOTE: Final = "insert into counted_event (id) values ($1) on conflict do nothing"
HELD: Final = "select measure, unit, amount from tally where subject = $1"
TELL: Final = """
insert into tally (subject, measure, unit, amount)
select $1, * from unnest($2::text[], $3::uuid[], $4::int[])
"""
# Of the units that an event touches, and no others: the rest of a total stays.
COME_TO: Final = """
select measure, sum(most)::bigint as total from (
    select measure, unit, max(amount) as most from tally
    join unnest($1::text[], $2::uuid[]) as touched (measure, unit) using (measure, unit)
    group by measure, unit
) as each group by measure
"""
ADD: Final = """
insert into count_total as counted (measure, total) values ($1, $2)
on conflict (measure) do update set total = counted.total + excluded.total
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, and the last of the events that it was made of."""

    total: int
    last_event: UUID
    up_to: datetime


async def note(connection: asyncpg.Connection, event: UUID) -> bool:
    """Note an event as counted; False where it has been counted before."""
    return bool(await connection.execute(NOTE, event) == "INSERT 0 1")


async def retell(
    connection: asyncpg.Connection, subject: UUID, tallies: Tallies
) -> None:
    """Let a subject count for this and nothing else, and bring the totals after it."""
    held = {Tally(*row) for row in await connection.fetch(HELD, subject)}
    touched = {(measure, unit) for measure, unit, _ in held | tallies}
    before = await _come_to(connection, touched)
    await connection.execute("delete from tally where subject = $1", subject)
    await connection.execute(TELL, subject, *_columns(tallies, 3))
    after = await _come_to(connection, touched)
    for measure in sorted({measure for measure, _ in touched}):
        change = after.get(measure, 0) - before.get(measure, 0)
        await _add(connection, measure, change)


async def _come_to(
    connection: asyncpg.Connection, touched: Collection[tuple[str, UUID]]
) -> dict[str, int]:
    return dict(await connection.fetch(COME_TO, *_columns(touched, 2)))


async def _add(connection: asyncpg.Connection, measure: str, change: int) -> None:
    if change > 0:
        await connection.execute(ADD, measure, change)
    elif change < 0:
        less = "update count_total set total = total + $2 where measure = $1"
        await connection.execute(less, measure, change)


def _columns(rows: Collection[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(width)]


async def counted(session: AsyncSession, _: Caller) -> Mapping[Measure, Counted]:
    """Give every count whose source is being followed; the others are not known."""
    totals = {one.measure: one.total for one in await session.exec(select(Total))}
    followed = {one.feed: one for one in await session.exec(select(Followed))}
    return {
        measure: Counted(totals.get(measure, 0), far.cursor, far.occurred_at)
        for measure, definition in DEFINITIONS.items()
        if (far := followed.get(definition.source)) is not None
        and far.cursor is not None
        and far.occurred_at is not None
    }
