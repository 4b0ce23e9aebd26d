"""Every query on reviews and judgements; each is heard by its audience alone."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.linkage.models import Judgement, Review
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def reviews(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Review]:
    """Give open reviews of the caller's audience, the oldest first."""
    mine = select(Review).where(Review.audience == caller.agency)
    waiting = mine.where(col(Review.closed_at).is_(None))
    if after is not None:
        waiting = waiting.where(Review.id > after)
    return (await session.exec(waiting.order_by(col(Review.id)).limit(limit))).all()


async def review(session: AsyncSession, caller: Caller, key: UUID) -> Review:
    mine = select(Review).where(Review.audience == caller.agency)
    found = await session.exec(mine.where(Review.id == key).with_for_update())
    if (one := found.one_or_none()) is None:
        raise NotFound
    return one


async def judgements(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Judgement]:
    """Give the judgements in force of the caller's audience, the oldest first."""
    mine = select(Judgement).where(Judgement.audience == caller.agency)
    standing = mine.where(col(Judgement.superseded_at).is_(None))
    if after is not None:
        standing = standing.where(Judgement.id > after)
    return (await session.exec(standing.order_by(col(Judgement.id)).limit(limit))).all()


async def judgement(session: AsyncSession, caller: Caller, key: UUID) -> Judgement:
    mine = select(Judgement).where(Judgement.audience == caller.agency)
    found = await session.exec(mine.where(Judgement.id == key).with_for_update())
    if (one := found.one_or_none()) is None:
        raise NotFound
    return one


async def in_force(
    session: AsyncSession, caller: Caller, low: UUID, high: UUID
) -> Judgement | None:
    """Give the judgement in force on a pair, if the caller may know of it."""
    mine = select(Judgement).where(Judgement.audience == caller.agency)
    standing = mine.where(col(Judgement.superseded_at).is_(None))
    about = standing.where(Judgement.low == low, Judgement.high == high)
    return (await session.exec(about.with_for_update())).one_or_none()
