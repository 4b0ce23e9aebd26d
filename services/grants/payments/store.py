"""Every query on reports. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.awards.models import Award
from services.grants.awards.store import seen
from services.grants.payments.models import Report
from services.grants.payments.rules import Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Report:
    """Find a report on an award that the caller sees, and hold it."""
    awards = select(Award.id).where(seen(caller))
    rows = select(Report).where(Report.id == key, col(Report.award).in_(awards))
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    if (found := (await session.exec(fresh)).one_or_none()) is None:
        raise NotFound
    return found


async def of_award(session: AsyncSession, _: Caller, award: UUID) -> Sequence[Report]:
    """Give the reports on an award that has been found."""
    rows = select(Report).where(Report.award == award)
    return (await session.exec(rows.order_by(col(Report.id)))).all()


def final(reports: Sequence[Report]) -> bool:
    """Tell whether the final report has been accepted."""
    return any(one.final and one.status is Status.ACCEPTED for one in reports)
