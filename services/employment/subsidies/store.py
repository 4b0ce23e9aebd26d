"""Every query on wage subsidies. Nothing is read without saying who reads."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.subsidies.models import Subsidy
from services.employment.subsidies.rules import OtherSubsidy
from services.kit.callers import Caller


async def add(session: AsyncSession, subsidy: Subsidy) -> Subsidy:
    """Add a subsidy, or give what was recorded under its key, if the same was sent.

    Of two at one instant the second waits for the first, and finds it there.
    """
    statement = (
        insert(Subsidy)
        .values(subsidy.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "key_digest"])
        .returning(col(Subsidy.id))
    )
    if (await session.exec(statement)).first() is not None:
        return subsidy
    mine = select(Subsidy).where(Subsidy.agency == subsidy.agency)
    there = (
        await session.exec(mine.where(Subsidy.key_digest == subsidy.key_digest))
    ).one()
    if there.content_digest != subsidy.content_digest:
        raise OtherSubsidy
    return there


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
