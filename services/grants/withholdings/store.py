"""Every query on withholdings. Nothing is read without saying who reads.

A tenant reads its own word; what all have said together is asked for publishing alone.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations.models import Organisation
from services.grants.withholdings.models import Withholding
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def add(session: AsyncSession, withholding: Withholding) -> bool:
    """Keep a tenant's word; tell whether it is new."""
    row = insert(Withholding).values(withholding.model_dump()).on_conflict_do_nothing()
    added = row.returning(col(Withholding.organisation))
    return (await session.exec(added)).first() is not None


async def find(
    session: AsyncSession, caller: Caller, organisation: UUID
) -> Withholding:
    """Find what the caller itself has said of an organisation."""
    mine = select(Withholding).where(Withholding.agency == caller.agency)
    found = await session.exec(mine.where(Withholding.organisation == organisation))
    if (said := found.one_or_none()) is None:
        raise NotFound
    return said


async def take_back(session: AsyncSession, caller: Caller, organisation: UUID) -> None:
    mine = delete(Withholding).where(col(Withholding.agency) == caller.agency)
    await session.exec(mine.where(col(Withholding.organisation) == organisation))


async def withheld(
    session: AsyncSession, _: Caller, organisations: Collection[UUID]
) -> set[UUID]:
    """Tell which of these nobody may publish, whoever has said so and of which record.

    A body that has several records is withheld by a word about any of them.
    """
    body = func.coalesce(Organisation.same_as, Organisation.id)
    meant = select(Organisation.id, body).where(col(Organisation.id).in_(organisations))
    bodies = dict((await session.exec(meant)).all())
    lasting = list(bodies.values())
    said = select(body).join(
        Withholding, col(Withholding.organisation) == col(Organisation.id)
    )
    records = or_(
        col(Organisation.id).in_(lasting), col(Organisation.same_as).in_(lasting)
    )
    marked = set((await session.exec(said.where(records))).all())
    return {key for key in organisations if bodies.get(key, key) in marked}
