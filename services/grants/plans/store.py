"""Every query on plans. Nothing is read without saying who reads."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.grants.plans.models import Consultation, Plan, Priority
from services.grants.plans.rules import NoSuchPriority, Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound


def visible(caller: Caller) -> SelectOfScalar[Plan]:
    """Choose one's own plans, and everybody's that are out for consultation."""
    published = col(Plan.status) != Status.DRAFT
    return select(Plan).where(or_(col(Plan.agency) == caller.agency, published))


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Plan:
    found = await session.exec(visible(caller).where(Plan.id == key))
    if (plan := found.one_or_none()) is None:
        raise NotFound
    return plan


async def hold(session: AsyncSession, caller: Caller, key: UUID) -> Plan:
    """Find one's own plan; nobody else changes it until the transaction ends."""
    mine = select(Plan).where(Plan.agency == caller.agency, Plan.id == key)
    found = await session.exec(mine.with_for_update())
    if (plan := found.one_or_none()) is None:
        raise NotFound
    return plan


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Plan]:
    wanted = visible(caller)
    if after is not None:
        wanted = wanted.where(Plan.id > after)
    found = await session.exec(wanted.order_by(col(Plan.id)).limit(limit))
    return found.all()


async def priorities(
    session: AsyncSession, caller: Caller, plan: UUID
) -> Sequence[Priority]:
    """Give the priorities of a plan that the caller may see, in their order."""
    seen = visible(caller).with_only_columns(col(Plan.id))
    wanted = select(Priority).where(Priority.plan == plan, col(Priority.plan).in_(seen))
    return (await session.exec(wanted.order_by(col(Priority.id)))).all()


async def consultations(
    session: AsyncSession, caller: Caller, plan: UUID
) -> Sequence[Consultation]:
    seen = visible(caller).with_only_columns(col(Plan.id))
    wanted = select(Consultation).where(
        Consultation.plan == plan, col(Consultation.plan).in_(seen)
    )
    return (await session.exec(wanted.order_by(col(Consultation.id)))).all()


async def adopted(
    session: AsyncSession, caller: Caller, keys: Collection[UUID]
) -> Sequence[Priority]:
    """Give these priorities; refuse if any is in no adopted plan: for applications."""
    adopted = visible(caller).where(Plan.status == Status.ADOPTED)
    wanted = select(Priority).where(
        col(Priority.id).in_(keys),
        col(Priority.plan).in_(adopted.with_only_columns(col(Plan.id))),
    )
    found = (await session.exec(wanted.order_by(col(Priority.id)))).all()
    if len(found) != len(set(keys)):
        raise NoSuchPriority
    return found
