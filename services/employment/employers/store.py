"""Every query on employers. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.employers.models import Employer
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Employer:
    mine = select(Employer).where(Employer.agency == caller.agency)
    found = await session.exec(mine.where(Employer.id == key))
    if (employer := found.one_or_none()) is None:
        raise NotFound
    return employer


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Employer]:
    mine = select(Employer).where(Employer.agency == caller.agency)
    if after is not None:
        mine = mine.where(Employer.id > after)
    found = await session.exec(mine.order_by(col(Employer.id)).limit(limit))
    return found.all()
