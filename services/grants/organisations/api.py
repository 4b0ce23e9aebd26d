"""Organisations: record, read, list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.grants.organisations import store
from services.grants.organisations.models import Organisation
from services.grants.organisations.rules import Content, Kind, OtherOrganisation
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/organisations",
    tags=["organisations"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Grants.RECORD_ORGANISATIONS)]
Reader = Annotated[Caller, holding(Grants.READ_ORGANISATIONS)]


class OrganisationView(View):
    id: UUID
    name: str
    kind: Kind
    registration_number: str | None
    municipality: str | None
    recorded_at: datetime


@router.post(
    "",
    response_model=OrganisationView,
    status_code=201,
    responses=refusing(OtherOrganisation) | {200: {"model": OrganisationView}},
)
async def record_organisation(
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
    response: Response,
) -> object:
    """Record an organisation. The same again, by its number, answers 200."""
    organisation = Organisation(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    if await store.add(session, organisation):
        entry = Entry(request, "organisation:record", recorder, organisation.id)
        await record(await driver(session), entry)
        return organisation
    there = await store.numbered(session, recorder, content.registration_number)
    if Content.model_validate(there, from_attributes=True) != content:
        raise OtherOrganisation
    response.status_code = 200
    return there


@router.get("")
async def list_organisations(
    reader: Reader, page: Paged, session: Transaction
) -> Page[OrganisationView]:
    """List your own organisations, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, OrganisationView.model_validate)


@router.get("/{key}", response_model=OrganisationView, responses=refusing(NotFound))
async def read_organisation(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own organisations."""
    return await store.find(session, reader, key)
