"""The webhooks of an agency: each query says who looks, and sees what they may manage.

That is every webhook of the caller's agency, acting for the same organisation, whose
feed the caller may read itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from gateway.webhooks.rules import MOST, Feed, Reason, State, TooManyWebhooks
from services.kit.callers import Caller
from services.kit.refusals import NotFound

LIST: Final = """
select * from webhook
where agency = $1 and organisation is not distinct from $2 and feed = any($3)
order by id
"""
FIND: Final = """
select * from webhook
where agency = $1 and organisation is not distinct from $2 and feed = any($3)
  and id = $4
for update
"""
# Of two that subscribe at once, the second counts the first.
ONE_AT_A_TIME: Final = """
select pg_advisory_xact_lock(hashtextextended('webhook ' || $1, 0))
"""
COUNT: Final = """
select count(*) from webhook
where client = $1 and state <> 'deactivated' and id <> $2
"""
ADD: Final = """
insert into webhook (id, agency, client, organisation, feed, endpoint, secret,
                     last_event, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'pending') returning *
"""
CHANGE: Final = """
update webhook set state = $2, reason = $3, revision = revision + 1,
    failing_since = null, next_try_at = null, changed_at = now()
where id = $1 returning *
"""
# The one before signs along for a day, so that no delivery fails meanwhile.
ROTATE: Final = """
update webhook set secret = $2, former_secret = secret,
    former_until = now() + interval '1 day', revision = revision + 1, changed_at = now()
where id = $1 returning *
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and which feeds they may read."""

    caller: Caller
    feeds: Sequence[Feed]

    def narrow(self) -> tuple[object, ...]:
        return self.caller.agency, self.caller.organisation, self.feeds


@dataclass(frozen=True, slots=True)
class Sealed:
    """What of a new webhook only the vault opens."""

    endpoint: bytes
    secret: bytes


async def list_all(
    connection: asyncpg.Connection, viewer: Viewer
) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await connection.fetch(LIST, *viewer.narrow())
    return rows


async def find(
    connection: asyncpg.Connection, viewer: Viewer, key: UUID
) -> asyncpg.Record:
    """Give one to be changed, or refuse: hidden and absent are the same."""
    row = await connection.fetchrow(FIND, *viewer.narrow(), key)
    if row is None:
        raise NotFound
    return row


async def require_room(
    connection: asyncpg.Connection, client: str, beside: UUID
) -> None:
    """Refuse one more webhook of a client, if it has as many as it may."""
    await connection.execute(ONE_AT_A_TIME, client)
    if await connection.fetchval(COUNT, client, beside) >= MOST:
        raise TooManyWebhooks


async def add(  # noqa: PLR0913 -- what a row consists of
    connection: asyncpg.Connection,
    caller: Caller,
    key: UUID,
    feed: Feed,
    sealed: Sealed,
    after: UUID | None,
) -> asyncpg.Record:
    who = caller.agency, caller.client, caller.organisation
    return await connection.fetchrow(
        ADD, key, *who, feed, sealed.endpoint, sealed.secret, after
    )


async def change(
    connection: asyncpg.Connection,
    key: UUID,
    state: State,
    reason: Reason | None = None,
) -> asyncpg.Record:
    return await connection.fetchrow(CHANGE, key, state, reason)


async def rotate(
    connection: asyncpg.Connection, key: UUID, secret: bytes
) -> asyncpg.Record:
    return await connection.fetchrow(ROTATE, key, secret)
