"""Every query on introductions. Nothing is read without saying who reads."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Text, cast
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.employers import store as employers
from services.employment.introductions.models import Introduction
from services.employment.placements.models import Placement
from services.employment.placements.rules import INTRODUCED
from services.employment.vacancies import store as vacancies
from services.kit.callers import Caller
from services.kit.refusals import NotFound


class Shown(NamedTuple):
    """An introduction in force, and whose registration it opens."""

    introduction: Introduction
    registration: UUID


async def employer(
    session: AsyncSession, caller: Caller, placement: Placement
) -> UUID | None:
    """Give the organisation that employs by one of the caller's placements."""
    vacancy = await vacancies.find(session, caller, placement.vacancy)
    return (await employers.find(session, caller, vacancy.employer)).organisation


async def in_force(
    session: AsyncSession, caller: Caller, placement: UUID, now: datetime
) -> Shown:
    """Find the latest introduction to the organisation that the caller acts for."""
    same = col(Placement.id) == Introduction.placement
    meant = cast(col(Introduction.organisation), Text) == (caller.organisation or "")
    theirs = select(Introduction, Placement.registration).join(Placement, same)
    current = theirs.where(
        meant,
        Introduction.placement == placement,
        Introduction.until > now,
        col(Introduction.withdrawn_at).is_(None),
        col(Placement.status).in_(INTRODUCED),
    )
    latest = current.order_by(col(Introduction.id).desc()).limit(1)
    if (found := (await session.exec(latest)).one_or_none()) is None:
        raise NotFound
    return Shown(*found)
