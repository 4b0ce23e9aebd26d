"""Every query on certificates. Nothing is read without saying who reads."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.certificates.models import Certificate
from services.employment.trainings.models import Attendance, Session
from services.kit.callers import Caller
from services.kit.refusals import NotFound

SHOW = text("select set_config('app.certificate', :number, true)")


async def of(
    session: AsyncSession, caller: Caller, participant: UUID
) -> Certificate | None:
    """Give the certificate of a participant that is in force."""
    mine = select(Certificate).where(Certificate.agency == caller.agency)
    valid = mine.where(col(Certificate.revoked_at).is_(None))
    found = await session.exec(valid.where(Certificate.participant == participant))
    return found.one_or_none()


async def own(session: AsyncSession, caller: Caller, number: UUID) -> Certificate:
    """Find one of the caller's certificates by its number, to change it."""
    mine = select(Certificate).where(Certificate.agency == caller.agency)
    held = mine.where(Certificate.number == number).with_for_update()
    if (certificate := (await session.exec(held)).one_or_none()) is None:
        raise NotFound
    return certificate


async def shown(session: AsyncSession, number: UUID) -> Certificate:
    """Find anybody's certificate for whoever shows its number.

    Row-level security lets through the one whose number this transaction shows.
    """
    connection = await session.connection()
    await connection.execute(SHOW, {"number": str(number)})
    found = await session.exec(select(Certificate).where(Certificate.number == number))
    if (certificate := found.one_or_none()) is None:
        raise NotFound
    return certificate


async def last_day(session: AsyncSession, caller: Caller, participant: UUID) -> date:
    """Give the day of the last session that a participant was at."""
    latest = select(func.max(Session.held_on)).join(
        Attendance, col(Attendance.session) == Session.id
    )
    mine = latest.where(Attendance.agency == caller.agency)
    day: date = (
        await session.exec(mine.where(Attendance.participant == participant))
    ).one()
    return day
