"""Every query on organisations. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations.models import Organisation
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def add(session: AsyncSession, organisation: Organisation) -> bool:
    """Add an organisation unless its number is taken; tell whether it was added.

    Of two at one instant the second waits for the first, and finds the number taken.
    """
    statement = (
        insert(Organisation)
        .values(organisation.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "registration_number"])
        .returning(col(Organisation.id))
    )
    return (await session.exec(statement)).first() is not None


async def numbered(
    session: AsyncSession, caller: Caller, number: str | None
) -> Organisation:
    """Give the caller's organisation that is recorded under a number."""
    mine = select(Organisation).where(Organisation.agency == caller.agency)
    found = await session.exec(mine.where(Organisation.registration_number == number))
    return found.one()


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Organisation:
    mine = select(Organisation).where(Organisation.agency == caller.agency)
    found = await session.exec(mine.where(Organisation.id == key))
    if (organisation := found.one_or_none()) is None:
        raise NotFound
    return organisation


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Organisation]:
    mine = select(Organisation).where(Organisation.agency == caller.agency)
    if after is not None:
        mine = mine.where(Organisation.id > after)
    found = await session.exec(mine.order_by(col(Organisation.id)).limit(limit))
    return found.all()
