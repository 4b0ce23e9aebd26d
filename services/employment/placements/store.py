"""Every query on placements. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.placements.models import Placement
from services.employment.placements.rules import Overlapping, Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound

EXCLUDED = "23P01"  # PostgreSQL's word for an exclusion constraint


async def add(session: AsyncSession, placement: Placement) -> None:
    """Add a placement, or refuse it where the database knows of one it overlaps.

    Two at one instant would each wait for the other in the exclusion, until one is
    killed as a deadlock; so they queue for the person first.
    """
    place = func.hashtextextended(str(placement.person), 0)
    await session.exec(select(func.pg_advisory_xact_lock(place)))
    session.add(placement)
    try:
        await session.flush()
    except IntegrityError as cause:
        if getattr(cause.orig, "sqlstate", None) != EXCLUDED:
            raise
        raise Overlapping from cause


async def taken(session: AsyncSession, caller: Caller, vacancy: UUID) -> int:
    """Count the places of a vacancy that somebody has."""
    places = select(func.count()).select_from(Placement)
    mine = places.where(Placement.agency == caller.agency)
    active = mine.where(Placement.vacancy == vacancy, Placement.status == Status.ACTIVE)
    return (await session.exec(active)).one()


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Placement:
    mine = select(Placement).where(Placement.agency == caller.agency)
    found = await session.exec(mine.where(Placement.id == key))
    if (placement := found.one_or_none()) is None:
        raise NotFound
    return placement


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Placement]:
    mine = select(Placement).where(Placement.agency == caller.agency)
    if after is not None:
        mine = mine.where(Placement.id > after)
    found = await session.exec(mine.order_by(col(Placement.id)).limit(limit))
    return found.all()
