"""Employers: record, read, list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.employment import rows
from services.employment.employers import store
from services.employment.employers.models import Employer
from services.employment.employers.rules import Content
from services.employment.neighbours import Neighbours, Organisation, neighbours
from services.employment.permissions import Employment
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(
    prefix="/employers",
    tags=["employers"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_EMPLOYERS)]
Reader = Annotated[Caller, holding(Employment.READ_EMPLOYERS)]


class EmployerView(View):
    """An employer, with its name and municipality as grants last gave them."""

    id: UUID
    organisation: UUID | None
    name: str
    municipality: str | None
    seen_at: datetime | None
    recorded_at: datetime


async def seen(
    content: Content,
    _recorder: Recorder,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> Organisation:
    """Ask which organisation it is, before the transaction holds a connection."""
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.organisation(content.organisation, passport, request_id)


Seen = Annotated[Organisation, Depends(seen)]


@router.post(
    "",
    response_model=EmployerView,
    status_code=201,
    responses=refusing(NotFound, Unavailable) | {200: {"model": EmployerView}},
)
async def record_employer(
    organisation: Seen,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
    response: Response,
) -> object:
    """Make an organisation an employer of yours; again, its name is looked up anew."""
    employer = Employer(
        agency=recorder.agency,
        organisation=organisation.id,
        name=organisation.name,
        municipality=organisation.municipality,
        seen_at=now(),
        recorded_by=recorder.subject,
    )
    if not await store.add(session, employer):
        response.status_code = 200
        fresh, employer = employer, await store.of(session, recorder, organisation.id)
        for name in ("name", "municipality", "seen_at"):
            setattr(employer, name, getattr(fresh, name))
    entry = Entry(request, "employer:record", recorder, employer.id)
    await record(await driver(session), entry)
    return employer


@router.get("")
async def list_employers(
    reader: Reader, page: Paged, session: Transaction
) -> Page[EmployerView]:
    """List your own employers, a page at a time."""
    found = await rows.page(session, reader, Employer, page)
    return page_of(found, page.limit, EmployerView.model_validate)


@router.get("/{key}", response_model=EmployerView, responses=refusing(NotFound))
async def read_employer(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own employers."""
    return await store.find(session, reader, key)
