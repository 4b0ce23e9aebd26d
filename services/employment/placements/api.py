"""Placements: propose, bring on, date, read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.employment import rows
from services.employment.contracts import Dates, Term
from services.employment.neighbours import Neighbours, Person, neighbours
from services.employment.permissions import Employment
from services.employment.placements import store
from services.employment.placements.actions import Office, put_reading_on_record
from services.employment.placements.models import Placement
from services.employment.placements.rules import (
    Content,
    NotConsented,
    NotNext,
    OtherPlacement,
    Overlapping,
    Status,
    Step,
    TooMany,
    Why,
)
from services.employment.vacancies.rules import VacancyClosed
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, PageQuery, page_of
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
Key = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="The same key again gives what was recorded under it.",
    ),
]


async def office(request: Request) -> Office:
    found: Office = request.app.state.office
    return found


Placing = Annotated[Office, Depends(office)]


class PlacementView(View):
    """A placement of yours; `ends_on` is its last day, null while it is open.

    `overlapping`: it overlaps another of the same person, which became known later, and
    holds no days meanwhile. After an erasure `registration` is the placement's own id.
    """

    id: UUID
    vacancy: UUID
    registration: UUID
    starts_on: date
    ends_on: date | None
    term: Term
    full_time: bool
    status: Status
    why: Why | None
    overlapping: bool
    recorded_at: datetime


class PlacementQuery(PageQuery):
    """Which placements are wanted."""

    vacancy: UUID | None = None
    registration: UUID | None = None
    status: Status | None = None
    full_time: bool | None = None


async def resolved(
    content: Content,
    _recorder: Recorder,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> Person:
    """Ask who is to be placed, before the transaction holds a connection."""
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.person(content.registration, passport, request_id)


Resolved = Annotated[Person, Depends(resolved)]


@router.post(
    "",
    response_model=PlacementView,
    status_code=201,
    responses=refusing(
        NotFound,
        VacancyClosed,
        Overlapping,
        OtherPlacement,
        Invalid,
        NotConsented,
        TooMany,
        Unavailable,
    )
    | {200: {"model": PlacementView}},
)
async def record_placement(  # noqa: PLR0913 -- each is a dependency
    content: Content,
    recorder: Recorder,
    request: RequestId,
    person: Resolved,
    placing: Placing,
    session: Transaction,
    response: Response,
    idempotency_key: Key = None,
) -> object:
    """Propose one of your registrations for one of your vacancies.

    Nobody is in two full-time placements at a time, whichever agencies placed them:
    from accepted on a placement holds its days, and one that overlaps is refused.
    """
    placement, new = await placing.place(
        session, recorder, request, content, person, idempotency_key
    )
    response.status_code = 201 if new else 200
    return placement


@router.get("")
async def list_placements(
    reader: Reader,
    query: Annotated[PlacementQuery, Query()],
    request: RequestId,
    session: Transaction,
) -> Page[PlacementView]:
    """List your own placements, a page at a time."""
    found = await rows.page(session, reader, Placement, query)
    await put_reading_on_record(session, reader, request, found[: query.limit])
    return page_of(found, query.limit, PlacementView.model_validate)


@router.get("/{key}", response_model=PlacementView, responses=refusing(NotFound))
async def read_placement(
    key: UUID, reader: Reader, request: RequestId, session: Transaction
) -> object:
    """Read one of your own placements."""
    placement = await store.find(session, reader, key)
    await put_reading_on_record(session, reader, request, [placement])
    return placement


@router.post(
    "/{key}/steps",
    response_model=PlacementView,
    responses=refusing(NotFound, NotNext, VacancyClosed, Overlapping, TooMany),
)
async def step_placement(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    step: Step,
    recorder: Recorder,
    request: RequestId,
    placing: Placing,
    session: Transaction,
) -> object:
    """Say what has happened: accepted, started, ended, declined or withdrawn."""
    return await placing.step(session, recorder, request, key, step)


@router.put(
    "/{key}/dates",
    response_model=PlacementView,
    responses=refusing(NotFound, NotNext, Overlapping, TooMany),
)
async def date_placement(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    dates: Dates,
    recorder: Recorder,
    request: RequestId,
    placing: Placing,
    session: Transaction,
) -> object:
    """Change the contract's dates of a placement that is not over."""
    return await placing.date(session, recorder, request, key, dates)
