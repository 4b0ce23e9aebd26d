"""Placements: record, read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.employment.permissions import Employment
from services.employment.persons import Person
from services.employment.placements import store
from services.employment.placements.actions import Office, put_reading_on_record
from services.employment.placements.rules import (
    Content,
    NotConsented,
    Overlapping,
    Status,
    Term,
    TooMany,
)
from services.employment.vacancies.rules import VacancyClosed
from services.kit.callers import Caller, RequestId, holding
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
    prefix="/placements",
    tags=["placements"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_PLACEMENTS)]
Reader = Annotated[Caller, holding(Employment.READ_PLACEMENTS)]


async def office(request: Request) -> Office:
    found: Office = request.app.state.office
    return found


Placing = Annotated[Office, Depends(office)]


class PlacementView(View):
    """A placement of yours; `ends_on` is its last day, null while it is open."""

    id: UUID
    vacancy: UUID
    registration: UUID
    starts_on: date
    ends_on: date | None
    term: Term
    full_time: bool
    status: Status
    recorded_at: datetime


async def resolved(
    content: Content,
    _recorder: Recorder,
    request_id: RequestId,
    placing: Placing,
    request: Request,
) -> Person:
    """Ask who is to be placed, before the transaction holds a connection."""
    passport = request.headers["authorization"].partition(" ")[2]
    return await placing.persons.of(content.registration, passport, request_id)


Resolved = Annotated[Person, Depends(resolved)]


@router.post(
    "",
    response_model=PlacementView,
    status_code=201,
    responses=refusing(
        NotFound,
        VacancyClosed,
        Overlapping,
        Invalid,
        NotConsented,
        TooMany,
        Unavailable,
    ),
)
async def record_placement(  # noqa: PLR0913 -- each is a dependency
    content: Content,
    recorder: Recorder,
    request: RequestId,
    person: Resolved,
    placing: Placing,
    session: Transaction,
) -> object:
    """Place one of your registrations in one of your vacancies.

    Nobody is in two full-time placements at a time, whichever agencies placed them.
    """
    return await placing.place(session, recorder, request, content, person)


@router.get("")
async def list_placements(
    reader: Reader, page: Paged, request: RequestId, session: Transaction
) -> Page[PlacementView]:
    """List your own placements, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    await put_reading_on_record(session, reader, request, found[: page.limit])
    return page_of(found, page.limit, PlacementView.model_validate)


@router.get("/{key}", response_model=PlacementView, responses=refusing(NotFound))
async def read_placement(
    key: UUID, reader: Reader, request: RequestId, session: Transaction
) -> object:
    """Read one of your own placements."""
    placement = await store.find(session, reader, key)
    await put_reading_on_record(session, reader, request, [placement])
    return placement
