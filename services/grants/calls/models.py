"""What grants keeps of calls."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.calls.rules import Status
from services.grants.tables import Table
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


def _json() -> Column[Any]:
    return Column(JSONB, nullable=False)


class Call(Table, table=True):
    """A call of one agency: its own while it is a draft, then everybody's to read."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    status: Status = Field(default=Status.DRAFT, sa_column=word(Status))
    title: str
    description: str | None = None
    currency: str
    ceiling: Decimal
    budget: Decimal
    opens_at: datetime = Field(sa_column=moment())
    closes_at: datetime = Field(sa_column=moment())
    closed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    time_zone: str
    rules: list[dict[str, Any]] = Field(sa_column=_json())
    criteria: list[dict[str, Any]] = Field(sa_column=_json())
    assessors: int
    attempts: int
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
