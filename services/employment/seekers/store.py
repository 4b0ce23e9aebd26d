"""Every query on seekers. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.seekers.models import Seeker
from services.employment.seekers.rules import NEARNESS, Offered
from services.kit.callers import Caller


async def add(session: AsyncSession, seeker: Seeker) -> bool:
    """Add a seeker unless its registration is one already; tell whether it was."""
    statement = (
        insert(Seeker)
        .values(seeker.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "registration"])
        .returning(col(Seeker.id))
    )
    return (await session.exec(statement)).first() is not None


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Seeker:
    return await rows.find(session, caller, Seeker, key, hold=True)


async def fitting(
    session: AsyncSession, caller: Caller, offered: Offered
) -> Sequence[Seeker]:
    """Give the caller's seekers whom the occupation or a skill may fit."""
    near = (offered.occupation or "")[: min(NEARNESS.values())]
    mine = select(Seeker).where(Seeker.agency == caller.agency)
    sought = func.array_to_string(col(Seeker.occupations), " ", "")
    related = (" " + sought).contains(" " + near, autoescape=True)
    skilled = col(Seeker.skills).overlap(offered.skills)  # type: ignore[attr-defined]  # an array's
    either = or_(related, skilled) if near else skilled
    return (await session.exec(mine.where(either))).all()
