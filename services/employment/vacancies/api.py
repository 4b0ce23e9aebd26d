"""Vacancies: record, read, list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.employment.employers import store as employers
from services.employment.permissions import Employment
from services.employment.vacancies import store
from services.employment.vacancies.models import Vacancy
from services.employment.vacancies.rules import Content, Hours, State
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/vacancies",
    tags=["vacancies"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_VACANCIES)]
Reader = Annotated[Caller, holding(Employment.READ_VACANCIES)]


class VacancyView(View):
    id: UUID
    employer: UUID
    title: str
    hours: Hours
    places: int
    state: State
    recorded_at: datetime


@router.post(
    "", response_model=VacancyView, status_code=201, responses=refusing(NotFound)
)
async def record_vacancy(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Publish a vacancy of one of your employers; it closes with its last place."""
    await employers.find(session, recorder, content.employer)
    vacancy = Vacancy(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(vacancy)
    entry = Entry(request, "vacancy:record", recorder, vacancy.id)
    await record(await driver(session), entry)
    return vacancy


@router.get("")
async def list_vacancies(
    reader: Reader, page: Paged, session: Transaction
) -> Page[VacancyView]:
    """List your own vacancies, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, VacancyView.model_validate)


@router.get("/{key}", response_model=VacancyView, responses=refusing(NotFound))
async def read_vacancy(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own vacancies."""
    return await store.find(session, reader, key)
