"""Indicators: record and list; enter facts, correct them, read what was ever said."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.programme.counts.rules import Measure
from services.programme.indicators import store
from services.programme.indicators.rules import (
    Aspect,
    Content,
    Correction,
    FactContent,
    Qualifier,
    Unit,
)
from services.programme.numbers import Figure
from services.programme.permissions import Programme
from services.programme.refusals import AlreadyCorrected, CodeTaken
from services.programme.texts import Source, Words

router = APIRouter(
    tags=["indicators"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Recorder = Annotated[Caller, holding(Programme.RECORD_INDICATORS)]
Enterer = Annotated[Caller, holding(Programme.RECORD_FACTS)]
Reader = Annotated[Caller, holding(Programme.READ_RESULTS)]


class IndicatorView(View):
    """What a result is measured by, and which count it is held against."""

    id: UUID
    code: str
    titles: Words
    unit: Unit
    starts_on: date
    ends_on: date
    counted_as: Measure | None


class FactView(View):
    """A figure as its source states it; `agency` and `recorded_by` entered it."""

    id: UUID
    aspect: Aspect
    value: Figure | None
    qualifier: Qualifier
    source: Source
    agency: str
    recorded_by: str
    recorded_at: datetime


class ToldFact(FactView):
    """A figure in its history: what it stands in the place of, and why."""

    supersedes: UUID | None
    reason: str | None


@router.post(
    "/indicators",
    response_model=IndicatorView,
    status_code=201,
    responses=refusing(CodeTaken),
)
async def record_indicator(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record an indicator; everybody who reads results reads it from now on."""
    indicator = await store.add(session, recorder, content)
    entry = Entry(request, "indicator:record", recorder, indicator.id)
    await record(await driver(session), entry)
    return indicator


@router.get("/indicators")
async def list_indicators(
    reader: Reader, page: Paged, session: Transaction
) -> Page[IndicatorView]:
    """List the indicators, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, IndicatorView.model_validate)


@router.get("/indicators/{key}/facts", responses=refusing(NotFound))
async def read_history(
    key: UUID, reader: Reader, session: Transaction
) -> list[ToldFact]:
    """Read all that was ever entered of an indicator, corrected or not, in order."""
    await store.find(session, reader, key)
    found = await store.history(session, reader, key)
    return [ToldFact.model_validate(one) for one in found]


@router.post(
    "/indicators/{key}/facts",
    response_model=ToldFact,
    status_code=201,
    responses=refusing(NotFound),
)
async def enter_fact(
    key: UUID,
    content: FactContent,
    enterer: Enterer,
    request: RequestId,
    session: Transaction,
) -> object:
    """Enter what a source says of an indicator, beside what others say of it."""
    indicator = await store.find(session, enterer, key)
    fact = await store.enter(session, enterer, indicator, content)
    await record(await driver(session), Entry(request, "fact:enter", enterer, fact.id))
    return fact


@router.post(
    "/facts/{key}/correction",
    response_model=ToldFact,
    status_code=201,
    responses=refusing(NotFound, AlreadyCorrected),
)
async def correct_fact(
    key: UUID,
    correction: Correction,
    enterer: Enterer,
    request: RequestId,
    session: Transaction,
) -> object:
    """Correct a fact that your agency entered; what it said stays in its history."""
    fact = await store.correct(session, enterer, key, correction)
    details = {"supersedes": str(key)}
    entry = Entry(request, "fact:correct", enterer, fact.id, details)
    await record(await driver(session), entry)
    return fact
