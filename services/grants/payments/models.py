"""What grants keeps of reports; payments are tranches and lines of the ledger."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from services.grants.payments.rules import Status
from services.grants.tables import Table
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


class Report(Table, table=True):
    """What a lead has reported on an award, and what its agency said to it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    award: UUID
    status: Status = Field(default=Status.SUBMITTED, sa_column=word(Status))
    final: bool
    from_day: date
    to_day: date
    spent: Decimal
    summary: str
    submitted_at: datetime = Field(default_factory=now, sa_column=moment())
    submitted_by: str
    decided_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    decided_by: str | None = None
    reason: str | None = None
