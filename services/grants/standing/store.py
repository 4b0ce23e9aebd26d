"""Every query on verifications and flags. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.standing.models import Flag, Verification
from services.grants.standing.rules import Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def verifications(
    session: AsyncSession, caller: Caller, organisation: UUID
) -> Sequence[Verification]:
    """Give the caller's own, and of other agencies' what they have verified."""
    mine = col(Verification.agency) == caller.agency
    rows = select(Verification).where(
        Verification.organisation == organisation,
        or_(mine, col(Verification.status) == Status.VERIFIED),
    )
    return (await session.exec(rows.order_by(col(Verification.id)))).all()


async def verification(
    session: AsyncSession, caller: Caller, key: UUID
) -> Verification:
    """Find a verification of the caller's own, and hold it."""
    mine = select(Verification).where(Verification.agency == caller.agency)
    held = mine.where(Verification.id == key).with_for_update()
    if (found := (await session.exec(held)).one_or_none()) is None:
        raise NotFound
    return found


async def flags(
    session: AsyncSession, caller: Caller, organisation: UUID
) -> Sequence[Flag]:
    """Give the caller's own flags, and those that others have shared with it."""
    rows = select(Flag).where(col(Flag.readers).contains([caller.agency]))
    about = rows.where(Flag.organisation == organisation)
    return (await session.exec(about.order_by(col(Flag.id)))).all()


async def flag(session: AsyncSession, caller: Caller, key: UUID) -> Flag:
    """Find a flag of the caller's own, and hold it."""
    mine = select(Flag).where(Flag.agency == caller.agency, Flag.id == key)
    found = (await session.exec(mine.with_for_update())).one_or_none()
    if found is None:
        raise NotFound
    return found
