"""Counting what the services' feeds tell: what a follower of the kit applies.

It works as `COUNTER`, whom alone the database shows the tallies: together they tell who
is one person with whom.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg

from services.kit import following
from services.kit.feed import TYPES
from services.programme.counts import store
from services.programme.counts.rules import READINGS, Event, latest

COUNTER: Final = "programme-counter"  # no tenant: nobody is ever enrolled under it
NARROW: Final = "select set_config('app.agency', $1, true)"


async def apply(
    connection: asyncpg.Connection, told: Sequence[following.Event]
) -> None:
    """Count events, in the transaction that marks them as read, and never again."""
    events = [
        Event(one.id, named, one.subject, one.data)
        for one in told
        if (named := one.type.removeprefix(TYPES)) in READINGS
    ]
    await connection.execute(NARROW, COUNTER)
    fresh = await store.note(connection, [one.id for one in events])
    await store.retell(connection, latest(one for one in events if one.id in fresh))
