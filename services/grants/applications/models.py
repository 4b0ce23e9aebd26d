"""What grants keeps of applications, their signatures, attempts and documents."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.grants.applications.media import DocumentKind, MediaType
from services.grants.applications.rules import Status
from services.grants.tables import Table, readers
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


class Application(Table, table=True):
    """What a consortium asks of a call.

    `agency` is the call's, which reads it from its submission on. `offered` are the
    terms under which members are asked to sign; `terms` and `digest` are what all have
    signed, and so what a grant rests on. A `round` is one course of assessment: an
    appeal that is upheld begins another.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    call: UUID
    consortium: UUID
    lead: UUID
    readers: list[str] = Field(sa_column=readers())
    status: Status = Field(default=Status.DRAFT, sa_column=word(Status))
    title: str
    summary: str | None = None
    amount: Decimal
    currency: str
    priorities: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    offered: UUID | None = None
    terms: UUID | None = None
    digest: str | None = None
    round: int = 1
    score: Decimal | None = None
    rank: int | None = None
    tied: bool | None = None
    submitted_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    awarded_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    concluded_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    appealed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    declined_by: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Signature(Table, table=True):
    """One member's signature under an application: whose, when, and of which text."""

    application: UUID = Field(primary_key=True)
    organisation: UUID = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    at: datetime = Field(default_factory=now, sa_column=moment())
    subject: str
    client: str


class Attempt(Table, table=True):
    """One trial of a call's rules, passed or not: what a lead may do only so often."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    application: UUID
    call: UUID
    lead: UUID
    asked_by: str
    passed: bool
    broken: str
    at: datetime = Field(default_factory=now, sa_column=moment())


class Document(Table, table=True):
    """A file that goes with an application; the latest of a kind counts.

    Its bytes lie sealed in the store of documents, under its id.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    application: UUID
    kind: DocumentKind = Field(sa_column=word(DocumentKind))
    media_type: MediaType = Field(sa_column=word(MediaType))
    size: int
    sha256: str
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
