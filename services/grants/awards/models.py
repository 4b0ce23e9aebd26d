"""What grants keeps of awards, their tranches and amendments."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.awards.rules import AmendmentStatus, Status, TrancheStatus
from services.grants.ledger.actions import Book
from services.grants.tables import Table
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


def _json() -> Column[Any]:
    return Column(JSONB, nullable=False)


class Award(Table, table=True):
    """A grant to one application, read by whoever reads that.

    `decided_by` never disburses: the tranches refer to it, and refuse that subject.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    application: UUID
    call: UUID
    lead: UUID
    status: Status = Field(default=Status.ACTIVE, sa_column=word(Status))
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date
    decided_at: datetime = Field(default_factory=now, sa_column=moment())
    decided_by: str
    closed_at: datetime | None = Field(default=None, sa_column=moment_if_any())

    @property
    def book(self) -> Book:
        return Book(self.call, self.currency, self.id)


class Tranche(Table, table=True):
    """A part of an award that is released and paid as one."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    award: UUID
    number: int
    amount: Decimal
    due_on: date
    advance: bool
    status: TrancheStatus = Field(
        default=TrancheStatus.PLANNED, sa_column=word(TrancheStatus)
    )
    awarded_by: str
    released_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    released_by: str | None = None
    disbursed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    disbursed_by: str | None = None


class Amendment(Table, table=True):
    """A change of an award: proposed, signed by the lead, then put in force."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    award: UUID
    number: int
    status: AmendmentStatus = Field(
        default=AmendmentStatus.PROPOSED, sa_column=word(AmendmentStatus)
    )
    before: dict[str, Any] = Field(sa_column=_json())
    after: dict[str, Any] = Field(sa_column=_json())
    reason: str
    digest: str
    proposed_at: datetime = Field(default_factory=now, sa_column=moment())
    proposed_by: str
    answered_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    answered_by: str | None = None
    answered_through: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    decided_by: str | None = None
