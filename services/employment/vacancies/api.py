"""Vacancies: draft, correct, publish, close, read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.classifications.rules import Occupation, Sector
from services.employment.contracts import Term
from services.employment.employers import store as employers
from services.employment.permissions import Employment
from services.employment.texts import ProgrammeCode
from services.employment.vacancies import store
from services.employment.vacancies.models import Vacancy
from services.employment.vacancies.rules import (
    Access,
    Content,
    Hours,
    NoSuchStep,
    State,
    Wage,
    move,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import PlaceCode

router = APIRouter(
    prefix="/vacancies",
    tags=["vacancies"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_VACANCIES)]
Reader = Annotated[Caller, holding(Employment.READ_VACANCIES)]


class VacancyView(View):
    """A vacancy of yours; `hours` and `term` follow from weekly hours and dates."""

    id: UUID
    employer: UUID
    title: str
    occupation: Occupation | None
    sector: Sector | None
    weekly_hours: int | None
    hours: Hours
    starts_on: date | None
    ends_on: date | None
    term: Term | None
    wage: Wage | None
    municipality: str | None
    places: int
    skills: list[str]
    accessibility: list[Access]
    programme: str | None
    state: State
    recorded_at: datetime


class VacancyQuery(PageQuery):
    """Which vacancies are wanted."""

    employer: UUID | None = None
    occupation: Occupation | None = None
    sector: Sector | None = None
    hours: Hours | None = None
    municipality: PlaceCode | None = None
    programme: ProgrammeCode | None = None
    state: State | None = None


@router.post(
    "", response_model=VacancyView, status_code=201, responses=refusing(NotFound)
)
async def record_vacancy(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Draft a vacancy of one of your employers; it takes nobody until published."""
    await employers.find(session, recorder, content.employer)
    vacancy = Vacancy(
        **content.columns(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(vacancy)
    entry = Entry(request, "vacancy:record", recorder, vacancy.id)
    await record(await driver(session), entry)
    return vacancy


@router.get("")
async def list_vacancies(
    reader: Reader, query: Annotated[VacancyQuery, Query()], session: Transaction
) -> Page[VacancyView]:
    """List your own vacancies, a page at a time."""
    found = await rows.page(session, reader, Vacancy, query)
    return page_of(found, query.limit, VacancyView.model_validate)


@router.get("/{key}", response_model=VacancyView, responses=refusing(NotFound))
async def read_vacancy(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own vacancies."""
    return await store.find(session, reader, key)


@router.put(
    "/{key}", response_model=VacancyView, responses=refusing(NotFound, NoSuchStep)
)
async def correct_vacancy(
    key: UUID,
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Write a draft anew; what has been published stands as it was offered."""
    vacancy = await store.find(session, recorder, key, hold=True)
    if vacancy.state is not State.DRAFT:
        raise NoSuchStep
    await employers.find(session, recorder, content.employer)
    for column, value in content.columns().items():
        setattr(vacancy, column, value)
    entry = Entry(request, "vacancy:correct", recorder, vacancy.id)
    await record(await driver(session), entry)
    return vacancy


@router.post(
    "/{key}/publication",
    response_model=VacancyView,
    responses=refusing(NotFound, NoSuchStep),
)
async def publish_vacancy(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Publish a draft: from now on somebody can be placed in it."""
    vacancy = await store.find(session, recorder, key, hold=True)
    if vacancy.state is not State.DRAFT:
        raise NoSuchStep
    return await _moved(session, recorder, request, vacancy, State.PUBLISHED)


@router.post(
    "/{key}/closing",
    response_model=VacancyView,
    responses=refusing(NotFound, NoSuchStep),
)
async def close_vacancy(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Close a vacancy for good; whoever is placed in it stays placed."""
    vacancy = await store.find(session, recorder, key, hold=True)
    return await _moved(session, recorder, request, vacancy, State.CLOSED)


async def _moved(
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    vacancy: Vacancy,
    wanted: State,
) -> Vacancy:
    vacancy.state = move(vacancy.state, wanted)
    details = {"state": wanted}
    entry = Entry(request, "vacancy:move", caller, vacancy.id, details)
    await record(await driver(session), entry)
    return vacancy
