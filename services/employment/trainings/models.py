"""What employment keeps of trainings."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.employment.tables import Own, Table
from services.employment.trainings.rules import Kind, Subject
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Training(Own, table=True):
    """A course that one agency gives."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    title: str
    subject: Subject = Field(sa_column=word(Subject))
    municipality: str | None = None
    programme: str | None = None
    required_percent: int
    trainers: list[dict[str, Any]] = Field(sa_column=Column(JSONB))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Session(Own, table=True):
    """One meeting of a training."""

    __tablename__ = "training_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    training: UUID
    held_on: date
    hours: int
    topic: str | None = None


class Participant(Own, table=True):
    """Somebody who takes part; `person` is the key of beneficiaries, in no view."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    training: UUID
    kind: Kind = Field(sa_column=word(Kind))
    registration: UUID | None = None
    person: UUID | None = None
    moves: int = 0
    institution: str | None = None
    function: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Attendance(Table, table=True):
    """That a participant was at a session."""

    session: UUID = Field(primary_key=True)
    participant: UUID = Field(primary_key=True)
    training: UUID
    agency: str
