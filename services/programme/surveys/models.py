"""What the programme keeps of surveys: what was published of many, of nobody in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Numeric
from sqlmodel import Field

from services.kit.columns import moment, now
from services.kit.ids import new_id
from services.programme.surveys.rules import Interval, computed
from services.programme.tables import Table, written


class Survey(Table, table=True):
    """A question that people are asked."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    code: str
    question: dict[str, Any] = Field(sa_column=written())
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Finding(Table, table=True):
    """What was published of a wave; a correction is another one, which names it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    survey: UUID
    wave: int
    wave_titles: dict[str, Any] = Field(sa_column=written())
    asked_on: date | None = None
    population: str
    population_titles: dict[str, Any] = Field(sa_column=written())
    share: Decimal | None = Field(default=None, sa_column=Column(Numeric))
    sample_size: int | None = None
    low: Decimal | None = Field(default=None, sa_column=Column(Numeric))
    high: Decimal | None = Field(default=None, sa_column=Column(Numeric))
    source: dict[str, Any] = Field(sa_column=written())
    supersedes: UUID | None = None
    reason: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @property
    def published_interval(self) -> Interval | None:
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high)

    @property
    def computed_interval(self) -> Interval | None:
        return computed(self.share, self.sample_size)
