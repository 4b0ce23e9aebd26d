"""Lends the courier a token: of the client that subscribed, for its one feed alone.

So the courier reads as the client does, through the door, and what the client may no
longer read, it cannot. It never holds a key that signs tokens.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg
from fastapi import Request

from gateway.identity import Granted, Identity, caller_of
from gateway.visit import KEY, Visit
from gateway.webhooks.rules import COURIER, READING, Feed
from services.kit.database import Database

ACCESS: Final = "urn:ietf:params:oauth:token-type:access_token"
LIFE: Final = timedelta(seconds=60)
# Of the webhook as it was subscribed: a client that acts for somebody else by now would
# read another feed.
SUBSCRIBER: Final = """
select w.client, w.agency, w.organisation, c.roles, w.feed
from webhook w join client c on c.id = w.client
where w.id = $1 and w.state <> 'deactivated' and c.disabled_at is null
  and c.tenant = w.agency and c.organisation is not distinct from w.organisation
"""


async def lend(request: Request, webhook: str) -> tuple[str, timedelta] | None:
    """Give a token for a webhook, told as `agency/id`; None: nobody may read for it."""
    agency, _, key = webhook.partition("/")
    database: Database = request.app.state.database
    try:
        async with database.statements(agency) as connection:
            row = await connection.fetchrow(SUBSCRIBER, UUID(key))
    except ValueError:
        return None
    return None if row is None else _lent(request, row)


def _lent(request: Request, row: asyncpg.Record) -> tuple[str, timedelta]:
    granted = Granted(
        client=row["client"],
        agency=row["agency"],
        organisation=row["organisation"],
        roles=tuple(row["roles"]),
        scope=frozenset({READING[Feed(row["feed"])]}),
        actor=COURIER,
    )
    visit: Visit = request.scope[KEY]
    visit.caller = caller_of(granted.claims())
    identity: Identity = request.app.state.identity
    return identity.issue(granted, LIFE), LIFE
