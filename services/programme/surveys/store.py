"""Every query on surveys. Nothing is read without saying who reads.

They are everybody's who takes part, so a reader is asked for and every row is given; a
finding is corrected by the agency that entered it, and by no other.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller
from services.kit.refusals import NotFound
from services.programme.refusals import AlreadyCorrected, CodeTaken
from services.programme.surveys.models import Finding, Survey
from services.programme.surveys.rules import (
    FindingContent,
    FindingCorrection,
    SurveyContent,
)

ASKED = ("survey", "wave", "wave_titles", "asked_on", "population", "population_titles")


async def add(session: AsyncSession, caller: Caller, content: SurveyContent) -> Survey:
    """Add a survey; of two under one code the second is refused."""
    survey = Survey(
        **content.model_dump(), agency=caller.agency, recorded_by=caller.subject
    )
    adding = insert(Survey).values(survey.model_dump()).on_conflict_do_nothing()
    if (await session.exec(adding.returning(col(Survey.id)))).first() is None:
        raise CodeTaken
    return survey


async def find(session: AsyncSession, _: Caller, key: UUID) -> Survey:
    found = await session.exec(select(Survey).where(Survey.id == key))
    if (survey := found.one_or_none()) is None:
        raise NotFound
    return survey


async def coded(session: AsyncSession, _: Caller, code: str) -> Survey | None:
    found = await session.exec(select(Survey).where(Survey.code == code))
    return found.one_or_none()


async def page(
    session: AsyncSession, _: Caller, after: UUID | None, limit: int
) -> Sequence[Survey]:
    wanted = select(Survey).order_by(col(Survey.id)).limit(limit)
    if after is not None:
        wanted = wanted.where(Survey.id > after)
    return (await session.exec(wanted)).all()


async def enter(
    session: AsyncSession, caller: Caller, survey: Survey, finding: FindingContent
) -> Finding:
    entered = Finding(
        **finding.model_dump(exclude={"source"}),
        source=finding.source.kept(),
        survey=survey.id,
        agency=caller.agency,
        recorded_by=caller.subject,
    )
    session.add(entered)
    return entered


async def correct(
    session: AsyncSession, caller: Caller, key: UUID, correction: FindingCorrection
) -> Finding:
    """Put another in the place of one's own; of two at once the second is late."""
    mine = select(Finding).where(Finding.agency == caller.agency, Finding.id == key)
    if (old := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    new = Finding(
        **{name: getattr(old, name) for name in ASKED},
        **correction.model_dump(exclude={"source"}),
        source=correction.source.kept(),
        supersedes=old.id,
        agency=caller.agency,
        recorded_by=caller.subject,
    )
    adding = insert(Finding).values(new.model_dump()).on_conflict_do_nothing()
    if (await session.exec(adding.returning(col(Finding.id)))).first() is None:
        raise AlreadyCorrected
    return new


async def history(session: AsyncSession, _: Caller, survey: UUID) -> Sequence[Finding]:
    """Give all that was ever entered of a survey, in its order."""
    wanted = select(Finding).where(Finding.survey == survey)
    return (
        await session.exec(wanted.order_by(col(Finding.recorded_at), col(Finding.id)))
    ).all()


async def in_force(session: AsyncSession, _: Caller, survey: UUID) -> Sequence[Finding]:
    """Give what stands of a survey, population by population and wave by wave."""
    later = aliased(Finding)
    corrected = (
        select(later.id).where(col(later.supersedes) == col(Finding.id)).exists()
    )
    wanted = select(Finding).where(
        Finding.survey == survey, ~corrected, col(Finding.share).is_not(None)
    )
    order = (col(Finding.population), col(Finding.wave), col(Finding.recorded_at))
    return (await session.exec(wanted.order_by(*order))).all()
