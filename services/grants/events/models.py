"""What grants keeps of events."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.events.rules import Status
from services.grants.plans.rules import Language
from services.grants.tables import Table
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Event(Table, table=True):
    """An event that one agency has recorded and everybody may read of."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    titles: dict[Language, str] = Field(sa_column=Column(JSONB, nullable=False))
    municipalities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    starts_on: date
    ends_on: date
    organisers: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    status: Status = Field(default=Status.PLANNED, sa_column=word(Status))
    attended: int | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
