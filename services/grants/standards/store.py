"""Every query for publishing; each takes the caller, who reads its own awards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications.models import Application
from services.grants.awards.models import Award
from services.grants.calls.models import Call
from services.grants.consortia.models import Member
from services.grants.ledger.models import Journal, JournalLine
from services.grants.ledger.rules import Account, Act
from services.grants.organisations.models import Organisation
from services.grants.plans.models import Plan, Priority
from services.grants.standards.models import Publisher
from services.kit.callers import Caller

PROMISED = (Act.COMMITMENT, Act.DECOMMITMENT)
PAID = (Act.DISBURSEMENT, Act.RETURN, Act.REVERSAL)


async def publisher(session: AsyncSession, caller: Caller) -> Publisher | None:
    mine = select(Publisher).where(Publisher.agency == caller.agency)
    return (await session.exec(mine)).one_or_none()


async def publish_as(session: AsyncSession, publisher: Publisher) -> None:
    """Keep under what identifier an agency publishes, in place of what it said last."""
    told = publisher.model_dump()
    row = insert(Publisher).values(told)
    await session.exec(row.on_conflict_do_update(index_elements=["agency"], set_=told))


async def awards(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[tuple[Award, Application, Call]]:
    """Give the caller's awards with what they were awarded on, in their order."""
    mine = (
        select(Award, Application, Call)
        .join(Application, col(Application.id) == col(Award.application))
        .join(Call, col(Call.id) == col(Award.call))
        .where(Award.agency == caller.agency)
    )
    if after is not None:
        mine = mine.where(Award.id > after)
    return (await session.exec(mine.order_by(col(Award.id)).limit(limit))).all()


async def members(
    session: AsyncSession, _: Caller, consortia: Collection[UUID]
) -> Sequence[tuple[Member, Organisation]]:
    """Give whoever was asked to take part in consortia, as far as the caller knows."""
    asked = (
        select(Member, Organisation)
        .join(Organisation, col(Organisation.id) == col(Member.organisation))
        .where(col(Member.consortium).in_(consortia))
    )
    return (await session.exec(asked.order_by(col(Organisation.id)))).all()


async def movements(
    session: AsyncSession, caller: Caller, awards: Collection[UUID]
) -> Sequence[tuple[UUID, Act, datetime, Decimal]]:
    """Give what was promised and paid for awards, with its sign, in its order."""
    moved = (
        select(
            col(Journal.award),
            col(Journal.act),
            col(Journal.posted_at),
            col(JournalLine.amount),
        )
        .join(JournalLine, col(JournalLine.journal) == col(Journal.id))
        .where(Journal.agency == caller.agency, col(Journal.award).in_(awards))
    )
    promised = and_(
        col(Journal.act).in_(PROMISED), col(JournalLine.kind) == Account.COMMITTED
    )
    paid = and_(col(Journal.act).in_(PAID), col(JournalLine.kind) == Account.ADVANCED)
    ordered = moved.where(or_(promised, paid)).order_by(col(Journal.id))
    return [
        (award, act, at, amount)
        for award, act, at, amount in await session.exec(ordered)
        if award is not None
    ]


async def priorities(
    session: AsyncSession, _: Caller, keys: Collection[UUID]
) -> Mapping[UUID, tuple[Priority, Plan]]:
    """Give priorities with their plans; the database shows those of public plans."""
    named = (
        select(Priority, Plan)
        .join(Plan, col(Plan.id) == col(Priority.plan))
        .where(col(Priority.id).in_(keys))
    )
    return {one.id: (one, plan) for one, plan in await session.exec(named)}
