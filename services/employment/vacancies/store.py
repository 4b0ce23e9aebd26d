"""Every query on vacancies. Nothing is read without saying who reads."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.vacancies.models import Vacancy
from services.kit.callers import Caller


async def find(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Vacancy:
    """Find a vacancy; held, nobody else fills it until the transaction ends."""
    return await rows.find(session, caller, Vacancy, key, hold=hold)
