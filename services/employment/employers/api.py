"""Employers: record, read, list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.employment.employers import store
from services.employment.employers.models import Employer
from services.employment.employers.rules import Content
from services.employment.permissions import Employment
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/employers",
    tags=["employers"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_EMPLOYERS)]
Reader = Annotated[Caller, holding(Employment.READ_EMPLOYERS)]


class EmployerView(View):
    id: UUID
    name: str
    municipality: str | None
    recorded_at: datetime


@router.post("", response_model=EmployerView, status_code=201)
async def record_employer(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record an employer."""
    employer = Employer(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(employer)
    entry = Entry(request, "employer:record", recorder, employer.id)
    await record(await driver(session), entry)
    return employer


@router.get("")
async def list_employers(
    reader: Reader, page: Paged, session: Transaction
) -> Page[EmployerView]:
    """List your own employers, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, EmployerView.model_validate)


@router.get("/{key}", response_model=EmployerView, responses=refusing(NotFound))
async def read_employer(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own employers."""
    return await store.find(session, reader, key)
