"""Events: record, say how many came, cancel; read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.events import store
from services.grants.events.models import Event
from services.grants.events.rules import (
    Attendance,
    Content,
    EventOver,
    NotYetHeld,
    Status,
    held,
    move,
)
from services.grants.organisations import store as organisations
from services.grants.permissions import Grants
from services.grants.plans.rules import Language
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/events",
    tags=["events"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Grants.RECORD_EVENTS)]
Reader = Annotated[Caller, holding(Grants.READ_EVENTS)]


class EventView(View):
    """An event; `attended` is null until it has been held."""

    id: UUID
    titles: dict[Language, str]
    municipalities: list[str]
    starts_on: date
    ends_on: date
    organisers: list[UUID]
    status: Status
    attended: int | None
    recorded_at: datetime


@router.post(
    "", response_model=EventView, status_code=201, responses=refusing(NotFound)
)
async def record_event(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record an event; its organisers are organisations that you have recorded."""
    for organiser in content.organisers:
        await organisations.find(session, recorder, organiser)
    event = Event(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(event)
    await _recorded(session, request, "event:record", recorder, event.id)
    return event


@router.get("")
async def list_events(
    reader: Reader, page: Paged, session: Transaction
) -> Page[EventView]:
    """List all events, whoever recorded them."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, EventView.model_validate)


@router.get("/{key}", response_model=EventView, responses=refusing(NotFound))
async def read_event(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read an event."""
    return await store.find(session, reader, key)


@router.post(
    "/{key}/attendance",
    response_model=EventView,
    responses=refusing(NotFound, EventOver, NotYetHeld),
)
async def record_attendance(
    key: UUID,
    attendance: Attendance,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Say that an event of yours was held, and how many came."""
    event = await store.hold(session, recorder, key)
    event.status = held(event.status, event.starts_on, now().date())
    event.attended = attendance.attended
    await _recorded(session, request, "event:hold", recorder, event.id)
    return event


@router.post(
    "/{key}/cancellation",
    response_model=EventView,
    responses=refusing(NotFound, EventOver),
)
async def cancel_event(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Cancel an event of yours that has not been held."""
    event = await store.hold(session, recorder, key)
    event.status = move(event.status, Status.CANCELLED)
    await _recorded(session, request, "event:cancel", recorder, event.id)
    return event


async def _recorded(
    session: AsyncSession, request: UUID, act: str, caller: Caller, target: UUID
) -> None:
    await record(await driver(session), Entry(request, act, caller, target))
