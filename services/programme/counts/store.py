"""The counting, event by event, in one transaction with how far it has come.

`take` is what a follower of the services' feeds calls; whatever it is given again is
counted once. It works as `COUNTER`, whom alone the database shows the tallies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller
from services.programme.counts.definitions import DEFINITIONS
from services.programme.counts.models import Followed, Total
from services.programme.counts.rules import Event, Measure, read

COUNTER: Final = "programme-counter"  # no tenant: enrolment knows no such agency
FRESH: Final = """
insert into counted_event (id, source)
select id, $2 from unnest($1::uuid[]) as told (id) on conflict do nothing returning id
"""
CLEAR: Final = "delete from tally where subject = any($1::uuid[])"
COUNT: Final = """
insert into tally (subject, measure, unit, amount)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[])
"""
TOTALS: Final = """
insert into count_total (measure, total)
select told.measure, coalesce(sum(most.amount), 0)
from unnest($1::text[]) as told (measure)
left join (
    select measure, unit, max(amount) as amount from tally group by measure, unit
) most on most.measure = told.measure
group by told.measure
on conflict (measure) do update set total = excluded.total
"""
FOLLOWED: Final = """
insert into count_followed (source, cursor, up_to) values ($1, $2, $3)
on conflict (source) do update set cursor = excluded.cursor, up_to = excluded.up_to
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, and up to where the events were read that it was made of."""

    total: int
    cursor: str
    up_to: datetime


async def take(
    connection: asyncpg.Connection,
    source: str,
    events: Sequence[Event],
    cursor: str,
    up_to: datetime,
) -> None:
    """Count the next events of a source, in its order, and note how far it was read."""
    told = await connection.fetch(FRESH, [event.id for event in events], source)
    fresh = {row["id"] for row in told}
    latest = {
        event.subject: tallies
        for event in events
        if event.id in fresh and (tallies := read(event)) is not None
    }
    await connection.execute(CLEAR, list(latest))
    rows = [(whose, *tally) for whose, all_its in latest.items() for tally in all_its]
    await connection.execute(COUNT, *(list(column) for column in _columns(rows)))
    await connection.execute(TOTALS, measures(source))
    await connection.execute(FOLLOWED, source, cursor, up_to)


def _columns(rows: Sequence[tuple[object, ...]]) -> Sequence[Sequence[object]]:
    return list(zip(*rows, strict=True)) or [(), (), (), ()]


def measures(source: str) -> list[str]:
    """Name what is counted from a service's events."""
    return [one for one, said in DEFINITIONS.items() if said.source == source]


async def counted(session: AsyncSession, _: Caller) -> Mapping[Measure, Counted]:
    """Give every count whose source is being read; the others are not known."""
    found = await session.exec(select(Total))
    totals = {Measure(one.measure): one.total for one in found}
    followed = {one.source: one for one in await session.exec(select(Followed))}
    return {
        measure: Counted(total, read_to.cursor, read_to.up_to)
        for measure, total in totals.items()
        if (read_to := followed.get(DEFINITIONS[measure].source)) is not None
    }
