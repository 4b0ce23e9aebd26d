"""Every query on enterprise support. Nothing is read without saying who reads."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.enterprise.models import Activity, Plan
from services.kit.callers import Caller


async def activity(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Activity:
    return await rows.find(session, caller, Activity, key, hold=hold)


async def plan(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Plan:
    return await rows.find(session, caller, Plan, key, hold=hold)
