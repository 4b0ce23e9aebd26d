"""What the counting keeps, and what is shown of it: totals, and how far was read."""

from collections.abc import Collection, Mapping, Sequence
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
from services.programme.counts.rules import NOTHING, Measure, Word, stands

NOTE: Final = """
insert into counted_event (id) select unnest($1::uuid[]) on conflict do nothing
returning id
"""
HELD: Final = """
select subject, measure, unit, amount, turn from tally where subject = any($1)
"""
FORGET: Final = "delete from tally where subject = any($1)"
TELL: Final = """
insert into tally (subject, turn, measure, unit, amount)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::int[])
"""
# Of the units that events touch, and no others: the rest of a total stays.
COME_TO: Final = """
select measure, sum(most)::bigint as total from (
    select measure, unit, max(amount) as most from tally
    join unnest($1::text[], $2::uuid[]) as touched (measure, unit) using (measure, unit)
    group by measure, unit
) as each group by measure
"""
BEGIN: Final = """
insert into count_total (measure, total) select unnest($1::text[]), 0
on conflict do nothing
"""
ADD: Final = """
update count_total as counted set total = total + change
from unnest($1::text[], $2::bigint[]) as changed (measure, change)
where counted.measure = changed.measure
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, and the last of the events that it was made of."""

    total: int
    last_event: UUID
    up_to: datetime


async def note(connection: asyncpg.Connection, events: Sequence[UUID]) -> set[UUID]:
    """Note events as counted; give those that had not been counted before."""
    return {row["id"] for row in await connection.fetch(NOTE, events)}


async def retell(connection: asyncpg.Connection, words: Mapping[UUID, Word]) -> None:
    """Let subjects count for these words and nothing else, and bring the totals along.

    Where a later word on a subject is known already, that one stays.
    """
    held = await connection.fetch(HELD, list(words))
    before = {row["subject"]: Word(row["turn"], NOTHING) for row in held}
    said = {one: word for one, word in words.items() if stands(word, before.get(one))}
    rows = [(one, turn, *each) for one, (turn, of) in said.items() for each in of]
    touched = {(measure, unit) for _, _, measure, unit, _ in rows}
    touched |= {(row["measure"], row["unit"]) for row in held if row["subject"] in said}
    were = await _come_to(connection, touched)
    await connection.execute(FORGET, list(said))
    await connection.execute(TELL, *_columns(rows, 5))
    are = await _come_to(connection, touched)
    changes = {one: are.get(one, 0) - were.get(one, 0) for one in are | were}
    await connection.execute(BEGIN, list(changes))
    await connection.execute(ADD, list(changes), list(changes.values()))


async def _come_to(
    connection: asyncpg.Connection, touched: Collection[tuple[str, UUID]]
) -> dict[str, int]:
    return dict(await connection.fetch(COME_TO, *_columns(touched, 2)))


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
