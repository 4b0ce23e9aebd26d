"""Every query on vacancies. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.vacancies.models import Vacancy
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def find(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Vacancy:
    """Find a vacancy; held, nobody else fills it until the transaction ends."""
    mine = select(Vacancy).where(Vacancy.agency == caller.agency, Vacancy.id == key)
    found = await session.exec(mine.with_for_update() if hold else mine)
    if (vacancy := found.one_or_none()) is None:
        raise NotFound
    return vacancy


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Vacancy]:
    mine = select(Vacancy).where(Vacancy.agency == caller.agency)
    if after is not None:
        mine = mine.where(Vacancy.id > after)
    found = await session.exec(mine.order_by(col(Vacancy.id)).limit(limit))
    return found.all()
