"""Every query on placements. Nothing is read without saying who reads."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.placements.models import Placement
from services.employment.placements.rules import Overlapping
from services.kit.callers import Caller

EXCLUDED = "23P01"  # PostgreSQL's word for an exclusion constraint


async def write(session: AsyncSession, placement: Placement) -> None:
    """Write a placement, or refuse it where the database knows of one it overlaps.

    Two at one instant would each wait for the other in the exclusion, until one is
    killed as a deadlock; so they queue for the person first.
    """
    with session.no_autoflush:
        await _queue(session, str(placement.person))
    session.add(placement)
    try:
        await session.flush()
    except IntegrityError as cause:
        if getattr(cause.orig, "sqlstate", None) != EXCLUDED:
            raise
        raise Overlapping from cause


async def keyed(
    session: AsyncSession, caller: Caller, digest: bytes
) -> Placement | None:
    """Give what was recorded under an idempotency key; the same key queues here."""
    await _queue(session, caller.agency + digest.hex())
    mine = select(Placement).where(Placement.agency == caller.agency)
    found = await session.exec(mine.where(Placement.key_digest == digest))
    return found.one_or_none()


async def _queue(session: AsyncSession, name: str) -> None:
    place = func.hashtextextended(name, 0)
    await session.exec(select(func.pg_advisory_xact_lock(place)))


async def taken(session: AsyncSession, caller: Caller, vacancy: UUID) -> int:
    """Count the places of a vacancy that somebody has."""
    places = select(func.count()).select_from(Placement)
    mine = places.where(Placement.agency == caller.agency)
    there = mine.where(Placement.vacancy == vacancy, col(Placement.takes_place))
    return (await session.exec(there)).one()


async def find(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Placement:
    return await rows.find(session, caller, Placement, key, hold=hold)
