"""Applying beneficiaries' feed: placements follow the person, and never err for it.

Held in this order: the registration, then placements, then persons, as whoever places
somebody does, so that nobody waits for somebody who waits.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.employment.following import store
from services.employment.following.rules import Kind, Move, ends_seeking
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.following import Event
from services.kit.outbox import Event as Told
from services.kit.outbox import publish

NAME = "employment"


def acts_on(event: Event) -> bool:
    """Tell whether an event asks for anything; such a one is applied alone.

    Two in one transaction would hold one's placements, then the other's registration.
    """
    return event.type in set(Kind)


async def apply(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Do what events ask for, in the transaction that marks them as done."""
    for event in events:
        if acts_on(event):
            await _apply(connection, event)


async def _apply(connection: asyncpg.Connection, event: Event) -> None:
    agency = event.data["agency"]
    await store.narrow(connection, agency)
    await store.hold_registration(connection, event.subject)
    if event.type in {Kind.MERGED, Kind.SPLIT}:
        await _move(connection, event.id, Move.of(event.subject, event.data))
    elif event.type == Kind.ERASED:
        for placement in await store.erase(connection, agency, event.subject):
            await _close(connection, event.id, agency, placement)
    elif ends_seeking(event.type, event.data):
        await store.end_seeking(connection, event.subject)


async def _move(connection: asyncpg.Connection, event: UUID, move: Move) -> None:
    """Let a registration's placements follow; try anew what waited for its days."""
    await store.stand(connection, move)
    moved = await store.moved(connection, move)
    waiting = await store.freed(connection, move.before)
    if not moved and not waiting:
        return
    await store.queue(connection, (move.before, move.person))
    await store.narrow(connection, move.agency)
    for placement in moved:
        place = placement, move.person, move.contested, move.moves
        if await store.stands(connection, store.MOVE, *place):
            await _close(connection, event, move.agency, placement)
        else:
            await connection.execute(store.OVERLAPS, *place)
            await _open(connection, event, move.agency, placement)
    for one in waiting:
        await store.narrow(connection, one.agency)
        if one.id not in moved and await store.stands(connection, store.AGAIN, one.id):
            await _close(connection, event, one.agency, one.id)


async def _open(
    connection: asyncpg.Connection, event: UUID, agency: str, placement: UUID
) -> None:
    key = await store.open_case(connection, agency, placement)
    await _tell(connection, event, agency, "open", key, placement)


async def _close(
    connection: asyncpg.Connection, event: UUID, agency: str, placement: UUID
) -> None:
    key = await store.close_case(connection, placement)
    await _tell(connection, event, agency, "part", key, placement)


async def _tell(  # noqa: PLR0913 -- whose, what became of which, and by which event
    connection: asyncpg.Connection,
    event: UUID,
    agency: str,
    act: str,
    key: UUID | None,
    placement: UUID,
) -> None:
    """Put on record what the service did by itself, and tell the agency of it."""
    if key is None:
        return
    itself = Caller(NAME, NAME, agency, frozenset())
    about = {"placement": str(placement)}
    await record(connection, Entry(event, f"overlap:{act}", itself, key, about))
    happened = {"open": "overlap.opened", "part": "overlap.parted"}[act]
    await publish(connection, Told(happened, key, agency, about))
