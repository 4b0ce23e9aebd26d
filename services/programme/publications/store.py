"""Enters what a publication states, and leaves what is there already as it is."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Caller
from services.programme.indicators import store as indicators
from services.programme.indicators.models import Fact, Indicator
from services.programme.indicators.rules import FactContent
from services.programme.publications.rules import StatedIndicator, StatedSurvey
from services.programme.refusals import CodeTaken
from services.programme.surveys import store as surveys
from services.programme.surveys.models import Finding, Survey
from services.programme.surveys.rules import FindingContent
from services.programme.texts import Document


class Act(NamedTuple):
    """What was done, and the record that it made."""

    name: str
    target: UUID


async def state_indicator(
    session: AsyncSession, caller: Caller, document: Document, stated: StatedIndicator
) -> AsyncIterator[Act]:
    """Enter an indicator unless it is there, and the facts that are new of it."""
    indicator = await indicators.coded(session, caller, stated.code)
    if indicator is None:
        indicator = await indicators.add(session, caller, stated.content())
        yield Act("indicator:record", indicator.id)
    require_same(indicator, stated.content())
    said = await indicators.history(session, caller, indicator.id)
    for one in stated.facts:
        content = one.told_by(document)
        if not is_said(said, caller, content):
            fact = await indicators.enter(session, caller, indicator, content)
            yield Act("fact:enter", fact.id)


async def state_survey(
    session: AsyncSession, caller: Caller, document: Document, stated: StatedSurvey
) -> AsyncIterator[Act]:
    """Enter a survey unless it is there, and the findings that are new of it."""
    survey = await surveys.coded(session, caller, stated.code)
    if survey is None:
        survey = await surveys.add(session, caller, stated.content())
        yield Act("survey:record", survey.id)
    require_same(survey, stated.content())
    said = await surveys.history(session, caller, survey.id)
    for one in stated.findings:
        content = one.told_by(document)
        if not is_said(said, caller, content):
            finding = await surveys.enter(session, caller, survey, content)
            yield Act("finding:enter", finding.id)


def require_same(there: Indicator | Survey, stated: BaseModel) -> None:
    """Refuse a code under which there is something else."""
    if any(getattr(there, name) != told for name, told in stated.model_dump().items()):
        raise CodeTaken


def is_said(
    said: Sequence[Fact | Finding],
    caller: Caller,
    content: FactContent | FindingContent,
) -> bool:
    """Tell whether the caller has entered just this before, corrected since or not."""
    told = content.model_dump(exclude={"source"}) | {"source": content.source.kept()}
    told |= {"agency": caller.agency}
    return any(
        all(getattr(one, name) == value for name, value in told.items()) for one in said
    )
