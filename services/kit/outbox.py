"""The outbox: what happened, written by the transaction that did it, read in order.

Each audience (an agency, or the other services) has a feed of its own. A row gets its
position when somebody reads: everything that has committed below the horizon, in the
order of the transactions. So no reader passes by a row that commits late.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg

from services.kit.arrays import arrays, transposed
from services.kit.ids import new_id

TYPES: Final = ("uuid", "text", "uuid", "text", "jsonb")
# Plans are kept that were made while the outbox was short. Until the transaction ends
# they are made as for a long one: along its indexes, in whose order rows are asked for.
LOCK: Final = """
select pg_advisory_xact_lock(hashtextextended('outbox ' || coalesce($1, ''), 0))
from set_config('enable_seqscan', 'off', true) as seq,
     set_config('enable_bitmapscan', 'off', true) as bitmap
"""
AT_ONCE: Final = 5_000  # more than anybody reads at once, and done within a second
# Below the horizon every transaction has ended: nothing can commit before them now. At
# or above the next number is only what a server wrote that this one was restored from.
NUMBER: Final = """
with first as (
    select id, txid, written from outbox, pg_current_snapshot() as here
    where position is null and {mine}
      and (txid < pg_snapshot_xmin(here) or txid >= pg_snapshot_xmax(here))
    order by audience, txid, written limit $2
), fresh as (
    select id, row_number() over (order by txid, written) as number from first
)
update outbox set position = fresh.number + coalesce((
    select position from outbox where {mine} and position is not null
    order by audience desc, position desc limit 1
), 0)
from fresh where outbox.id = fresh.id
"""
PLACE: Final = """
select position from outbox where id = $2 and {mine} and position is not null
"""
NEXT: Final = """
select id, type, subject, data, occurred_at from outbox
where {mine} and position > $2 order by audience, position limit $3
"""
FORGET: Final = "select forget_told($1)"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record; nothing personal is in it.

    `audience` is the agency whose feed tells it; None is the other services.
    """

    type: str
    subject: UUID
    audience: str | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def row(self) -> tuple[object, ...]:
        about = json.dumps(self.data)
        return (new_id(), self.type, self.subject, self.audience, about)


Events = Sequence[asyncpg.Record]


def writing(first: int = 1) -> str:
    """Say in SQL that events are written; `columns` are its arguments from `first`."""
    return f"""
    insert into outbox (id, type, subject, audience, data)
    select * from unnest({arrays(first, TYPES)})
    """  # noqa: S608 -- made of types


def columns(events: Iterable[Event]) -> list[list[object]]:
    return transposed([event.row() for event in events], len(TYPES))


async def publish(connection: asyncpg.Connection, *events: Event) -> None:
    """Write events in the connection's transaction: they are told if it commits.

    None is written like some, so that statements do not tell whether there was any.
    """
    await connection.execute(WRITE, *columns(events))


WRITE: Final = writing()


def _of(audience: str | None, statement: str) -> str:
    """Narrow a statement to one audience, as its index is asked."""
    nobodys = "audience is null and $1::text is null"
    return statement.format(mine=nobodys if audience is None else "audience = $1")


async def number(connection: asyncpg.Connection, audience: str | None) -> None:
    """Give positions to what has committed first, one reader at a time.

    The others wait for it: whoever read beside it would take its end for the feed's.
    """
    async with connection.transaction():
        await connection.execute(LOCK, audience)
        await connection.execute(_of(audience, NUMBER), audience, AT_ONCE)


async def place(
    connection: asyncpg.Connection, audience: str | None, last: UUID | None
) -> int | None:
    """Give the position behind which a reader goes on; None: it is no longer known."""
    if last is None:
        return 0
    found: int | None = await connection.fetchval(_of(audience, PLACE), audience, last)
    return found


async def read(
    connection: asyncpg.Connection, audience: str | None, after: int, limit: int
) -> Events:
    """Give what follows a position in an audience's feed, in order."""
    rows: Events = await connection.fetch(_of(audience, NEXT), audience, after, limit)
    return rows


async def forget(connection: asyncpg.Connection, days: int) -> None:
    """Delete from every feed what is older, but for the last that was read of it.

    Whoever has read that must find its place again.
    """
    await connection.execute(FORGET, days)
