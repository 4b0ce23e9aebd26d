"""Every query on employers. Nothing is read without saying who reads."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.employers.models import Employer
from services.kit.callers import Caller


async def add(session: AsyncSession, employer: Employer) -> bool:
    """Add an employer unless its organisation is one already; tell whether it was.

    Of two at one instant the second waits for the first, and finds it there.
    """
    statement = (
        insert(Employer)
        .values(employer.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "organisation"])
        .returning(col(Employer.id))
    )
    return (await session.exec(statement)).first() is not None


async def of(session: AsyncSession, caller: Caller, organisation: UUID) -> Employer:
    """Give the caller's employer that is this organisation."""
    mine = select(Employer).where(Employer.agency == caller.agency)
    return (await session.exec(mine.where(Employer.organisation == organisation))).one()


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Employer:
    return await rows.find(session, caller, Employer, key)
