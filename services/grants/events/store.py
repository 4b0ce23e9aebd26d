"""Every query on events. Nothing is read without saying who reads.

An event is public among those who take part, so a reader is asked for and every row is
given; only its own agency changes it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.events.models import Event
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Event:  # noqa: ARG001 -- whoever may read events may read each
    found = await session.exec(select(Event).where(Event.id == key))
    if (event := found.one_or_none()) is None:
        raise NotFound
    return event


async def hold(session: AsyncSession, caller: Caller, key: UUID) -> Event:
    """Find one's own event; nobody else changes it until the transaction ends."""
    mine = select(Event).where(Event.agency == caller.agency, Event.id == key)
    found = await session.exec(mine.with_for_update())
    if (event := found.one_or_none()) is None:
        raise NotFound
    return event


async def page(
    session: AsyncSession,
    caller: Caller,  # noqa: ARG001 -- whoever may read events may read each
    after: UUID | None,
    limit: int,
) -> Sequence[Event]:
    wanted = select(Event)
    if after is not None:
        wanted = wanted.where(Event.id > after)
    found = await session.exec(wanted.order_by(col(Event.id)).limit(limit))
    return found.all()
