"""Every query on business links. Nothing is read without saying who reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import distinct, func, union
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.links.models import Link, Trade
from services.employment.links.rules import AlreadyLinked
from services.kit.callers import Caller


@dataclass(frozen=True)
class Counts:
    """How many links there are, in how many projects, of how many businesses."""

    links: int
    projects: int
    businesses: int


async def add(session: AsyncSession, link: Link) -> None:
    """Add a link, unless the two are linked in its project already."""
    statement = (
        insert(Link)
        .values(link.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "project", "one", "other"])
        .returning(col(Link.id))
    )
    if (await session.exec(statement)).first() is None:
        raise AlreadyLinked


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Link:
    return await rows.find(session, caller, Link, key)


async def counts(session: AsyncSession, caller: Caller) -> Counts:
    mine = Link.agency == caller.agency
    counted = select(func.count(), func.count(distinct(col(Link.project)))).where(mine)
    links, projects = (await session.exec(counted)).one()
    ends = union(
        select(Link.one).where(mine), select(Link.other).where(mine)
    ).subquery()
    businesses = select(func.count()).select_from(ends)
    return Counts(links, projects, (await session.exec(businesses)).one())


async def traded(
    session: AsyncSession, caller: Caller, link: UUID | None = None
) -> Sequence[tuple[str, Decimal, int]]:
    """Add up the trade by currency: in one of the caller's links, or in all."""
    summed = func.sum(Trade.amount)
    mine = select(Trade.currency, summed, func.count()).where(
        Trade.agency == caller.agency
    )
    if link is not None:
        mine = mine.where(Trade.link == link)
    currency = col(Trade.currency)
    found = await session.exec(mine.group_by(currency).order_by(currency))
    return found.all()
