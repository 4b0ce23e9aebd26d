"""Every query on retention checks. Nothing is read without saying who reads."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.retention.models import RetentionCheck
from services.employment.retention.rules import due
from services.kit.callers import Caller

Condition = ColumnElement[bool]


async def plan(
    session: AsyncSession, caller: Caller, placement: UUID, starts_on: date
) -> None:
    """Plan the checks of a placement that started, or move those not yet made."""
    mine = select(RetentionCheck).where(RetentionCheck.agency == caller.agency)
    found = await session.exec(mine.where(RetentionCheck.placement == placement))
    there = {check.months: check for check in found}
    for months, day in due(starts_on).items():
        check = there.get(months)
        if check is None:
            check = RetentionCheck(
                agency=caller.agency, placement=placement, months=months, due_on=day
            )
            session.add(check)
        elif check.result is None:
            check.due_on = day


async def find(session: AsyncSession, caller: Caller, key: UUID) -> RetentionCheck:
    return await rows.find(session, caller, RetentionCheck, key, hold=True)


def narrowed(due_by: date | None, *, verified: bool | None) -> Sequence[Condition]:
    """Say what a list of checks is narrowed to."""
    result = col(RetentionCheck.result)
    conditions: list[Condition] = []
    if due_by is not None:
        conditions.append(col(RetentionCheck.due_on) <= due_by)
    if verified is not None:
        conditions.append(result.is_not(None) if verified else result.is_(None))
    return conditions
