"""Every query on reviews and judgements; each is heard by its audience alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.reviews.models import Judgement, Opinion, Review
from services.beneficiaries.reviews.queue import JudgementQuery
from services.beneficiaries.reviews.rules import Claimed, Mark, Order
from services.kit.callers import Caller
from services.kit.refusals import NotFound

SIDES = "select * from linkage.sides($1, $2)"
ASK = "select linkage.ask($1, $2)"
STALE = "select linkage.stale($1)"
KNOWN = """
select low, high from judgement
where audience = $1 and superseded_at is null and (low = any($2) or high = any($2))
"""


async def reviews(  # noqa: PLR0913 -- whose, in which order, from where, how many
    session: AsyncSession,
    caller: Caller,
    order: Order,
    claimed: Claimed | None,
    after: Mark | None,
    limit: int,
    now: datetime,
) -> Sequence[Review]:
    """Give open reviews of the caller's audience."""
    waiting = _mine(caller).where(col(Review.closed_at).is_(None))
    live = col(Review.claimed_until) > now
    if claimed is Claimed.ME:
        waiting = waiting.where(Review.claimed_by == caller.subject, live)
    elif claimed is Claimed.NOBODY:
        waiting = waiting.where(or_(col(Review.claimed_by).is_(None), ~live))
    return (await session.exec(_ordered(waiting, order, after).limit(limit))).all()


def _mine(caller: Caller) -> SelectOfScalar[Review]:
    return select(Review).where(Review.audience == caller.agency)


def _ordered(
    waiting: SelectOfScalar[Review], order: Order, after: Mark | None
) -> SelectOfScalar[Review]:
    if order is Order.AGE:
        later = waiting if after is None else waiting.where(Review.id > after[1])
        return later.order_by(col(Review.id))
    if after is not None:
        weight, key = after
        equal = and_(col(Review.weight) == weight, col(Review.id) > key)
        waiting = waiting.where(or_(col(Review.weight) < weight, equal))
    return waiting.order_by(col(Review.weight).desc(), col(Review.id))


async def review(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Review:
    """Find a review of the caller's audience; `hold` lets nobody else decide on it."""
    wanted = _mine(caller).where(Review.id == key)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    if (one := (await session.exec(wanted)).one_or_none()) is None:
        raise NotFound
    return one


async def opened(
    session: AsyncSession, caller: Caller, low: UUID, high: UUID
) -> Review | None:
    """Find the review of a pair that is open, and hold it."""
    about = _mine(caller).where(Review.low == low, Review.high == high)
    waiting = about.where(col(Review.closed_at).is_(None))
    return (await session.exec(waiting.with_for_update())).one_or_none()


async def opinions(
    session: AsyncSession, caller: Caller, keys: Sequence[UUID]
) -> Sequence[Opinion]:
    """Give each reviewer's last word on these reviews."""
    mine = select(Opinion).where(Opinion.audience == caller.agency)
    standing = mine.where(col(Opinion.replaced_at).is_(None))
    return (await session.exec(standing.where(col(Opinion.review).in_(keys)))).all()


async def own_words(
    session: AsyncSession, caller: Caller, keys: Sequence[UUID]
) -> Mapping[UUID, Verdict]:
    """Give what the caller itself has said; what others said is told to nobody."""
    given = await opinions(session, caller, keys)
    return {one.review: one.verdict for one in given if one.given_by == caller.subject}


async def judgements(
    session: AsyncSession, caller: Caller, wanted: JudgementQuery
) -> Sequence[Judgement]:
    """Give the judgements in force of the caller's audience, the oldest first."""
    standing = _judged(caller).where(col(Judgement.superseded_at).is_(None))
    if wanted.verdict is not None:
        standing = standing.where(Judgement.verdict == wanted.verdict)
    if (end := wanted.registration) is not None:
        standing = standing.where(
            or_(col(Judgement.low) == end, col(Judgement.high) == end)
        )
    if (after := wanted.after()) is not None:
        standing = standing.where(Judgement.id > after)
    in_order = standing.order_by(col(Judgement.id)).limit(wanted.fetched)
    return (await session.exec(in_order)).all()


def _judged(caller: Caller) -> SelectOfScalar[Judgement]:
    return select(Judgement).where(Judgement.audience == caller.agency)


async def judgement(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Judgement:
    wanted = _judged(caller).where(Judgement.id == key)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    if (one := (await session.exec(wanted)).one_or_none()) is None:
        raise NotFound
    return one


async def in_force(
    session: AsyncSession, caller: Caller, low: UUID, high: UUID
) -> Judgement | None:
    """Give the judgement in force on a pair, if the caller may know of it."""
    standing = _judged(caller).where(col(Judgement.superseded_at).is_(None))
    about = standing.where(Judgement.low == low, Judgement.high == high)
    fresh = about.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(fresh)).one_or_none()


async def sides(
    connection: asyncpg.Connection, review: Review, owners: Sequence[str]
) -> Sequence[asyncpg.Record]:
    """Give both ends of a review, and sealed what these owners or the caller hold."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(SIDES, review.id, owners)
    return rows


async def ask(connection: asyncpg.Connection, key: UUID, judgement: Judgement) -> None:
    """Let a pair wait for a reviewer again, unless other links join its ends."""
    await connection.execute(ASK, key, judgement.id)


async def stale(connection: asyncpg.Connection, judgement: Judgement) -> bool:
    """Tell whether an end of the pair was corrected after this was found."""
    return bool(await connection.fetchval(STALE, judgement.id))


async def known(
    connection: asyncpg.Connection, caller: Caller, registrations: Sequence[UUID]
) -> set[UUID]:
    """Give which registrations the caller knows from judgements in force."""
    rows = await connection.fetch(KNOWN, caller.agency, registrations)
    return {end for row in rows for end in row}
