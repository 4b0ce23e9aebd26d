"""Counting what a service's feed tells: what a follower of the kit applies.

It works as `COUNTER`, whom alone the database shows the tallies: together they tell who
is one person with whom.
"""

from typing import Final

import asyncpg

from services.kit import following
from services.kit.feed import TYPES
from services.programme.counts import store
from services.programme.counts.rules import Event, read

COUNTER: Final = "programme-counter"  # no tenant: nobody is ever enrolled under it
NARROW: Final = "select set_config('app.agency', $1, true)"


async def apply(connection: asyncpg.Connection, told: following.Event) -> None:
    """Count an event, in the transaction that marks it as read, and never again."""
    event = Event(told.id, told.type.removeprefix(TYPES), told.subject, told.data)
    if (tallies := read(event)) is None:
        return
    await connection.execute(NARROW, COUNTER)
    if await store.note(connection, event.id):
        await store.retell(connection, event.subject, tallies)
