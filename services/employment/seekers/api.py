"""Seekers: record, correct, withdraw, read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.employment import rows
from services.employment.neighbours import Neighbours, Person, neighbours
from services.employment.permissions import Employment
from services.employment.seekers import store
from services.employment.seekers.models import Seeker
from services.employment.seekers.rules import ConsentNeeded, Content, OtherSeeker
from services.employment.standing import latest
from services.kit.audit import Entry, driver, record
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
    prefix="/seekers",
    tags=["seekers"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_SEEKERS)]
Reader = Annotated[Caller, holding(Employment.READ_SEEKERS)]


class NewSeeker(Content):
    """One of your registrations as somebody who looks for work."""

    registration: UUID


class SeekerView(View):
    """A seeker of yours."""

    id: UUID
    registration: UUID
    occupations: list[str]
    skills: list[str]
    municipalities: list[str]
    available_from: date
    weekly_hours: int
    recorded_at: datetime


async def resolved(
    content: NewSeeker,
    _recorder: Recorder,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> Person:
    """Ask who it is, before the transaction holds a connection."""
    if not content.consented:
        raise ConsentNeeded
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.person(content.registration, passport, request_id)


Resolved = Annotated[Person, Depends(resolved)]


@router.post(
    "",
    response_model=SeekerView,
    status_code=201,
    responses=refusing(NotFound, OtherSeeker, Invalid, ConsentNeeded, Unavailable),
)
async def record_seeker(
    content: NewSeeker,
    recorder: Recorder,
    request: RequestId,
    person: Resolved,
    session: Transaction,
) -> object:
    """Record one of your registrations as a seeker, with the person's consent."""
    person = await latest(session, recorder, content.registration, person)
    seeker = Seeker(
        **content.columns(),
        person=person.person,
        moves=person.moves,
        agency=recorder.agency,
        recorded_by=recorder.subject,
    )
    if not await store.add(session, seeker):
        raise OtherSeeker
    entry = Entry(request, "seeker:record", recorder, seeker.id)
    await record(await driver(session), entry)
    return seeker


@router.get("")
async def list_seekers(
    reader: Reader, page: Paged, request: RequestId, session: Transaction
) -> Page[SeekerView]:
    """List your own seekers, a page at a time."""
    found = await rows.page(session, reader, Seeker, page)
    shown = found[: page.limit]
    entries = [Entry(request, "seeker:read", reader, one.id) for one in shown]
    if entries:
        await record(await driver(session), *entries)
    return page_of(found, page.limit, SeekerView.model_validate)


@router.get("/{key}", response_model=SeekerView, responses=refusing(NotFound))
async def read_seeker(
    key: UUID, reader: Reader, request: RequestId, session: Transaction
) -> object:
    """Read one of your own seekers."""
    seeker = await rows.find(session, reader, Seeker, key)
    entry = Entry(request, "seeker:read", reader, seeker.id)
    await record(await driver(session), entry)
    return seeker


@router.put(
    "/{key}",
    response_model=SeekerView,
    responses=refusing(NotFound, Invalid, ConsentNeeded),
)
async def correct_seeker(
    key: UUID,
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Write anew what somebody looks for and brings."""
    if not content.consented:
        raise ConsentNeeded
    seeker = await store.find(session, recorder, key)
    for column, value in content.columns().items():
        setattr(seeker, column, value)
    entry = Entry(request, "seeker:correct", recorder, seeker.id)
    await record(await driver(session), entry)
    return seeker


@router.post("/{key}/withdrawal", status_code=204, responses=refusing(NotFound))
async def withdraw_seeker(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> None:
    """Forget a seeker: the person has found work, or consents no longer."""
    seeker = await store.find(session, recorder, key)
    await session.delete(seeker)
    entry = Entry(request, "seeker:withdraw", recorder, seeker.id)
    await record(await driver(session), entry)
