"""What grants keeps of consortia: the terms, who answered them, and the history."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from services.grants.consortia.rules import Answer, Happening, Role, State
from services.grants.tables import Table, readers
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


class Consortium(Table, table=True):
    """Organisations under one lead; `readers` are all who were ever asked to it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    title: str
    lead: UUID
    readers: list[str] = Field(sa_column=readers())
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Terms(Table, table=True):
    """Who takes part, in which role and for which share: written once, then signed."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    consortium: UUID
    number: int
    digest: str
    state: State = Field(default=State.PROPOSED, sa_column=word(State))
    readers: list[str] = Field(sa_column=readers())
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Member(Table, table=True):
    """An organisation in certain terms; it signs for itself, or it has not signed.

    `digest` is the terms' own as it was when this member signed them.
    """

    terms: UUID = Field(primary_key=True)
    organisation: UUID = Field(primary_key=True)
    consortium: UUID
    role: Role = Field(sa_column=word(Role))
    share: Decimal
    task: str | None = None
    answer: Answer = Field(default=Answer.INVITED, sa_column=word(Answer))
    digest: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    answered_by: str | None = None
    answered_through: str | None = None


class Event(Table, table=True):
    """A line of a consortium's history, never changed."""

    __tablename__ = "consortium_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    consortium: UUID
    terms: UUID
    organisation: UUID | None = None
    what: Happening = Field(sa_column=word(Happening))
    at: datetime = Field(default_factory=now, sa_column=moment())
    subject: str
    client: str
