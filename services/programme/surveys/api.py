"""Surveys: record and list; enter what was published, correct it, read and draw it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Response

from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.programme.drawing import PICTURE, draw
from services.programme.languages import spoken
from services.programme.numbers import Percent
from services.programme.permissions import Programme
from services.programme.refusals import AlreadyCorrected, CodeTaken
from services.programme.surveys import store
from services.programme.surveys.charts import bars
from services.programme.surveys.rules import (
    WHOLE,
    FindingContent,
    FindingCorrection,
    SurveyContent,
)
from services.programme.texts import Source, Words

router = APIRouter(
    tags=["surveys"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Recorder = Annotated[Caller, holding(Programme.RECORD_SURVEYS)]
Reader = Annotated[Caller, holding(Programme.READ_RESULTS)]
AcceptLanguage = Annotated[str | None, Header()]
LEVEL: Final = Decimal(95)


class SurveyView(View):
    """A question that a survey asks, in the words in which it does."""

    id: UUID
    code: str
    question: Words


class IntervalView(View):
    """An interval as the source states it, of whatever kind that is."""

    low: Percent
    high: Percent


class ComputedInterval(IntervalView):
    """Wilson's score interval, computed here, as if the sample were a simple one."""

    method: Literal["wilson"] = "wilson"
    level: Percent = LEVEL


class FindingView(View):
    """What was published of a wave; what its source does not say is null."""

    id: UUID
    wave: int
    wave_titles: Words
    asked_on: date | None
    population: str
    population_titles: Words
    share: Percent | None
    sample_size: int | None
    published_interval: IntervalView | None
    computed_interval: ComputedInterval | None
    source: Source
    agency: str
    recorded_by: str
    recorded_at: datetime
    supersedes: UUID | None
    reason: str | None


class SurveyInFull(SurveyView):
    """A survey with what stands of it, population by population, wave by wave."""

    findings: list[FindingView]


@router.post(
    "/surveys",
    response_model=SurveyView,
    status_code=201,
    responses=refusing(CodeTaken),
)
async def record_survey(
    content: SurveyContent, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record a survey's question; everybody who reads results reads it from now on."""
    survey = await store.add(session, recorder, content)
    entry = Entry(request, "survey:record", recorder, survey.id)
    await record(await driver(session), entry)
    return survey


@router.get("/surveys")
async def list_surveys(
    reader: Reader, page: Paged, session: Transaction
) -> Page[SurveyView]:
    """List the surveys, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, SurveyView.model_validate)


@router.get("/surveys/{key}", responses=refusing(NotFound))
async def read_survey(key: UUID, reader: Reader, session: Transaction) -> SurveyInFull:
    """Read a survey with what stands of it."""
    survey = await store.find(session, reader, key)
    found = await store.in_force(session, reader, key)
    return SurveyInFull(
        **SurveyView.model_validate(survey).model_dump(),
        findings=[FindingView.model_validate(one) for one in found],
    )


@router.get(
    "/surveys/{key}/chart",
    response_class=Response,
    responses=PICTURE | refusing(NotFound),
)
async def draw_survey(
    key: UUID,
    reader: Reader,
    session: Transaction,
    accept_language: AcceptLanguage = None,
) -> Response:
    """Draw what stands of a survey, in Albanian, Serbian or English."""
    survey = await store.find(session, reader, key)
    found = await store.in_force(session, reader, key)
    language = spoken(accept_language)
    title = Words.model_validate(survey.question).said(language)
    picture = draw(title, bars(found, language), language, most=WHOLE)
    return Response(picture, media_type="image/svg+xml")


@router.get("/surveys/{key}/findings", responses=refusing(NotFound))
async def read_findings(
    key: UUID, reader: Reader, session: Transaction
) -> list[FindingView]:
    """Read all that was ever entered of a survey, corrected or not, in order."""
    await store.find(session, reader, key)
    found = await store.history(session, reader, key)
    return [FindingView.model_validate(one) for one in found]


@router.post(
    "/surveys/{key}/findings",
    response_model=FindingView,
    status_code=201,
    responses=refusing(NotFound),
)
async def enter_finding(
    key: UUID,
    content: FindingContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Enter what was published of a wave, with its sample and interval where known."""
    survey = await store.find(session, recorder, key)
    finding = await store.enter(session, recorder, survey, content)
    entry = Entry(request, "finding:enter", recorder, finding.id)
    await record(await driver(session), entry)
    return finding


@router.post(
    "/findings/{key}/correction",
    response_model=FindingView,
    status_code=201,
    responses=refusing(NotFound, AlreadyCorrected),
)
async def correct_finding(
    key: UUID,
    correction: FindingCorrection,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Correct a finding that your agency entered; what it said stays in its history."""
    finding = await store.correct(session, recorder, key, correction)
    details = {"supersedes": str(key)}
    entry = Entry(request, "finding:correct", recorder, finding.id, details)
    await record(await driver(session), entry)
    return finding
