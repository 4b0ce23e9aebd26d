"""Every query on indicators. Nothing is read without saying who reads.

Indicators and facts are everybody's who takes part, so a reader is asked for and every
row is given; a fact is corrected by the agency that entered it, and by no other.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller
from services.kit.refusals import NotFound
from services.programme.indicators.models import Fact, Indicator
from services.programme.indicators.rules import Content, Correction, FactContent
from services.programme.refusals import AlreadyCorrected, CodeTaken


async def add(session: AsyncSession, caller: Caller, content: Content) -> Indicator:
    """Add an indicator; of two under one code the second is refused."""
    indicator = Indicator(
        **content.model_dump(), agency=caller.agency, recorded_by=caller.subject
    )
    adding = insert(Indicator).values(indicator.model_dump()).on_conflict_do_nothing()
    if (await session.exec(adding.returning(col(Indicator.id)))).first() is None:
        raise CodeTaken
    return indicator


async def find(session: AsyncSession, _: Caller, key: UUID) -> Indicator:
    found = await session.exec(select(Indicator).where(Indicator.id == key))
    if (indicator := found.one_or_none()) is None:
        raise NotFound
    return indicator


async def coded(session: AsyncSession, _: Caller, code: str) -> Indicator | None:
    found = await session.exec(select(Indicator).where(Indicator.code == code))
    return found.one_or_none()


async def page(
    session: AsyncSession, _: Caller, after: UUID | None, limit: int | None
) -> Sequence[Indicator]:
    wanted = select(Indicator).order_by(col(Indicator.id)).limit(limit)
    if after is not None:
        wanted = wanted.where(Indicator.id > after)
    return (await session.exec(wanted)).all()


async def enter(
    session: AsyncSession, caller: Caller, indicator: Indicator, fact: FactContent
) -> Fact:
    entered = Fact(
        **fact.model_dump(exclude={"source"}),
        source=fact.source.kept(),
        indicator=indicator.id,
        agency=caller.agency,
        recorded_by=caller.subject,
    )
    session.add(entered)
    return entered


async def correct(
    session: AsyncSession, caller: Caller, key: UUID, correction: Correction
) -> Fact:
    """Put another fact in the place of one's own; of two at once the second is late."""
    mine = select(Fact).where(Fact.agency == caller.agency, Fact.id == key)
    if (old := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    new = Fact(
        **correction.model_dump(exclude={"source"}),
        source=correction.source.kept(),
        indicator=old.indicator,
        aspect=old.aspect,
        supersedes=old.id,
        agency=caller.agency,
        recorded_by=caller.subject,
    )
    adding = insert(Fact).values(new.model_dump()).on_conflict_do_nothing()
    if (await session.exec(adding.returning(col(Fact.id)))).first() is None:
        raise AlreadyCorrected
    return new


async def history(session: AsyncSession, _: Caller, indicator: UUID) -> Sequence[Fact]:
    """Give all that was ever entered of an indicator, in its order."""
    wanted = select(Fact).where(Fact.indicator == indicator)
    return (
        await session.exec(wanted.order_by(col(Fact.recorded_at), col(Fact.id)))
    ).all()


async def in_force(
    session: AsyncSession, _: Caller, indicators: Collection[UUID]
) -> Sequence[Fact]:
    """Give what stands: what no correction names, and what was not taken back."""
    later = aliased(Fact)
    corrected = select(later.id).where(col(later.supersedes) == col(Fact.id)).exists()
    wanted = select(Fact).where(
        col(Fact.indicator).in_(indicators), ~corrected, col(Fact.value).is_not(None)
    )
    return (
        await session.exec(wanted.order_by(col(Fact.recorded_at), col(Fact.id)))
    ).all()
