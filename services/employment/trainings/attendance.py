"""Who takes part in a training, who was at its sessions, and who has completed it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlmodel import col

from services.employment import rows
from services.employment.neighbours import Neighbours, Person, neighbours
from services.employment.standing import latest
from services.employment.trainings import store
from services.employment.trainings.api import Reader, Recorder
from services.employment.trainings.models import Participant, Session
from services.employment.trainings.rules import (
    Kind,
    NotOfThisTraining,
    OtherParticipant,
    Participation,
    attended_by,
    completed,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import RequestId
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.outbox import Event, publish
from services.kit.pages import Page, Paged, following
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(
    tags=["trainings"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)


class ParticipantView(View):
    """Somebody who takes part in a training of yours."""

    id: UUID
    training: UUID
    kind: Kind
    registration: UUID | None
    institution: str | None
    function: str | None
    recorded_at: datetime


class ProgressView(ParticipantView):
    """The same, with the sessions so far, and whether they are enough."""

    attended: int
    sessions: int
    completed: bool


class AttendanceBody(Body):
    """Everybody who was there; who is not named was not."""

    participants: Annotated[frozenset[UUID], Field(max_length=500)]


async def resolved(
    content: Participation,
    _recorder: Recorder,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> Person | None:
    """Ask who a registered person is, before the transaction holds a connection."""
    if content.registration is None:
        return None
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.person(content.registration, passport, request_id)


Resolved = Annotated[Person | None, Depends(resolved)]


@router.post(
    "/trainings/{key}/participants",
    response_model=ParticipantView,
    status_code=201,
    responses=refusing(NotFound, OtherParticipant, Unavailable),
)
async def record_participant(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    content: Participation,
    recorder: Recorder,
    request: RequestId,
    person: Resolved,
    session: Transaction,
) -> object:
    """Let somebody take part in one of your trainings."""
    training = await store.find(session, recorder, key)
    if content.registration is not None and person is not None:
        person = await latest(session, recorder, content.registration, person)
    participant = Participant(
        **content.model_dump(),
        person=person.person if person else None,
        moves=person.moves if person else 0,
        agency=recorder.agency,
        training=training.id,
        recorded_by=recorder.subject,
    )
    await store.add(session, participant)
    entry = Entry(request, "participant:record", recorder, participant.id)
    await record(await driver(session), entry)
    return participant


@router.get("/trainings/{key}/participants", responses=refusing(NotFound))
async def list_participants(
    key: UUID, reader: Reader, page: Paged, request: RequestId, session: Transaction
) -> Page[ProgressView]:
    """List who takes part in one of your trainings, and how far they have come."""
    training = await store.find(session, reader, key)
    of_it = col(Participant.training) == training.id
    found = await rows.page(session, reader, Participant, page, of_it)
    shown = found[: page.limit]
    held = await store.held(session, reader, training.id)
    counts = await store.attended(session, reader, [one.id for one in shown])
    items = [
        ProgressView(
            **ParticipantView.model_validate(one).model_dump(),
            attended=counts.get(one.id, 0),
            sessions=held,
            completed=completed(counts.get(one.id, 0), held, training.required_percent),
        )
        for one in shown
    ]
    if items:
        read = [Entry(request, "participant:read", reader, one.id) for one in shown]
        await record(await driver(session), *read)
    return Page(items=items, next=following(found, page.limit))


@router.put(
    "/training-sessions/{key}/attendance",
    status_code=204,
    responses=refusing(NotFound, NotOfThisTraining),
)
async def record_attendance(
    key: UUID,
    body: AttendanceBody,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> None:
    """Write who was at a session of one of your trainings, instead of what was.

    The training is held before anything is written: of two who write at once, the one
    whose count is whole is told last.
    """
    held = await rows.find(session, recorder, Session, key)
    training = await store.hold(session, recorder, held.training)
    await store.attend(session, recorder, held, body.participants)
    there = await store.there(session, recorder, training.id)
    connection = await driver(session)
    await record(connection, Entry(request, "attendance:record", recorder, held.id))
    about = attended_by(there)
    await publish(connection, Event("training.held", training.id, data=about))
