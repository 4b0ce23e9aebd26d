"""Trainings and their sessions: record, read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import col

from services.employment import rows
from services.employment.permissions import Employment
from services.employment.texts import ProgrammeCode
from services.employment.trainings import store
from services.employment.trainings.models import Session, Training
from services.employment.trainings.rules import (
    Content,
    SessionContent,
    Subject,
    Trainer,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/trainings",
    tags=["trainings"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_TRAININGS)]
Reader = Annotated[Caller, holding(Employment.READ_TRAININGS)]


class TrainingView(View):
    """A training of yours."""

    id: UUID
    title: str
    subject: Subject
    municipality: str | None
    programme: str | None
    required_percent: int
    trainers: list[Trainer]
    recorded_at: datetime


class SessionView(View):
    """One meeting of a training; whoever came is counted by its hours."""

    id: UUID
    training: UUID
    held_on: date
    hours: int
    topic: str | None


class TrainingQuery(PageQuery):
    """Which trainings are wanted."""

    subject: Subject | None = None
    programme: ProgrammeCode | None = None


@router.post("", response_model=TrainingView, status_code=201)
async def record_training(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record a training."""
    training = Training(
        **content.model_dump(mode="json"),
        agency=recorder.agency,
        recorded_by=recorder.subject,
    )
    session.add(training)
    entry = Entry(request, "training:record", recorder, training.id)
    await record(await driver(session), entry)
    return training


@router.get("")
async def list_trainings(
    reader: Reader, query: Annotated[TrainingQuery, Query()], session: Transaction
) -> Page[TrainingView]:
    """List your own trainings, a page at a time."""
    found = await rows.page(session, reader, Training, query)
    return page_of(found, query.limit, TrainingView.model_validate)


@router.get("/{key}", response_model=TrainingView, responses=refusing(NotFound))
async def read_training(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own trainings."""
    return await store.find(session, reader, key)


@router.post(
    "/{key}/sessions",
    response_model=SessionView,
    status_code=201,
    responses=refusing(NotFound),
)
async def record_session(
    key: UUID,
    content: SessionContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Record a session of one of your trainings."""
    training = await store.find(session, recorder, key)
    held = Session(**content.model_dump(), agency=recorder.agency, training=training.id)
    session.add(held)
    entry = Entry(request, "training-session:record", recorder, held.id)
    await record(await driver(session), entry)
    return held


@router.get("/{key}/sessions", responses=refusing(NotFound))
async def list_sessions(
    key: UUID, reader: Reader, page: Paged, session: Transaction
) -> Page[SessionView]:
    """List the sessions of one of your trainings, a page at a time."""
    training = await store.find(session, reader, key)
    of_it = col(Session.training) == training.id
    found = await rows.page(session, reader, Session, page, of_it)
    return page_of(found, page.limit, SessionView.model_validate)
