"""The outbox: what happened, written by the transaction that did it, read in order.

Each audience (an agency, or the other services) has a feed of its own. A row gets its
position when somebody reads: everything that has committed below the horizon, in the
order of the transactions. So no reader passes by a row that commits late.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg

from services.kit.ids import new_id

WRITE: Final = """
insert into outbox (id, type, subject, audience, data)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::jsonb[])
"""
COLUMNS: Final = 5
LOCK: Final = """
select pg_try_advisory_xact_lock(hashtextextended('outbox ' || coalesce($1, ''), 0))
"""
# Below the horizon every transaction has ended: nothing can commit before them now. At
# or above the next number is only what a server wrote that this one was restored from.
NUMBER: Final = """
with fresh as (
    select id, row_number() over (order by txid, written) as number
    from outbox, pg_current_snapshot() as here
    where position is null and coalesce(audience, '') = coalesce($1, '')
      and (txid < pg_snapshot_xmin(here) or txid >= pg_snapshot_xmax(here))
), before as (
    select coalesce(max(position), 0) as last from outbox
    where coalesce(audience, '') = coalesce($1, '') and position is not null
)
update outbox set position = before.last + fresh.number
from fresh, before where outbox.id = fresh.id
"""
PLACE: Final = """
select position from outbox
where id = $2 and coalesce(audience, '') = coalesce($1, '') and position is not null
"""
NEXT: Final = """
select id, type, subject, data, occurred_at from outbox
where coalesce(audience, '') = coalesce($1, '') and position > $2
order by position limit $3
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


async def publish(connection: asyncpg.Connection, *events: Event) -> None:
    """Write events in the connection's transaction: they are told if it commits.

    None is written like some, so that statements do not tell whether there was any.
    """
    rows = [event.row() for event in events]
    columns = ([row[at] for row in rows] for at in range(COLUMNS))
    await connection.execute(WRITE, *columns)


async def number(connection: asyncpg.Connection, audience: str | None) -> None:
    """Give positions to what has committed; one at a time, others leave it be."""
    async with connection.transaction():
        if await connection.fetchval(LOCK, audience):
            await connection.execute(NUMBER, audience)


async def place(
    connection: asyncpg.Connection, audience: str | None, last: UUID | None
) -> int | None:
    """Give the position behind which a reader goes on; None: it is no longer known."""
    if last is None:
        return 0
    found: int | None = await connection.fetchval(PLACE, audience, last)
    return found


async def read(
    connection: asyncpg.Connection, audience: str | None, after: int, limit: int
) -> Events:
    """Give what follows a position in an audience's feed, in order."""
    rows: Events = await connection.fetch(NEXT, audience, after, limit)
    return rows


async def forget(connection: asyncpg.Connection, days: int) -> None:
    """Delete from every feed what is older, but for the last that was read of it.

    Whoever has read that must find its place again.
    """
    await connection.execute(FORGET, days)
