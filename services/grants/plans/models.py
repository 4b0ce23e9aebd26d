"""What grants keeps of plans."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.plans.rules import Kind, Language, Sector, Status
from services.grants.tables import Table
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Plan(Table, table=True):
    """A plan, kept by one agency; whoever applies for grants sees it once consulted."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    kind: Kind = Field(sa_column=word(Kind))
    titles: dict[Language, str] = Field(sa_column=Column(JSONB, nullable=False))
    municipalities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    starts_on: date
    ends_on: date
    status: Status = Field(default=Status.DRAFT, sa_column=word(Status))
    adopted_on: date | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Priority(Table, table=True):
    """Something that a plan puts first; applications name the ones they serve."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    plan: UUID
    titles: dict[Language, str] = Field(sa_column=Column(JSONB, nullable=False))
    sector: Sector = Field(sa_column=word(Sector))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Consultation(Table, table=True):
    """A meeting on a plan; of those who came, a number."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    plan: UUID
    held_on: date
    municipality: str
    attended: int
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
