"""Every query on wage subsidies. Nothing is read without saying who reads."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.subsidies.models import Subsidy
from services.kit.callers import Caller


async def totals(
    session: AsyncSession, caller: Caller, award: UUID | None
) -> Sequence[tuple[str, Decimal, int]]:
    """Add up the caller's subsidies by currency, of one award or of all."""
    summed = func.sum(Subsidy.amount)
    columns = select(Subsidy.currency, summed, func.count())
    mine = columns.where(Subsidy.agency == caller.agency)
    if award is not None:
        mine = mine.where(Subsidy.award == award)
    currency = col(Subsidy.currency)
    found = await session.exec(mine.group_by(currency).order_by(currency))
    return found.all()
