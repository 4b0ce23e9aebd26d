"""What the programme keeps of indicators."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Numeric
from sqlmodel import Field

from services.kit.columns import moment, now, word, word_if_any
from services.kit.ids import new_id
from services.programme.counts.rules import Measure
from services.programme.indicators.rules import Aspect, Qualifier, Unit
from services.programme.tables import Table, written


class Indicator(Table, table=True):
    """What is measured; everybody who takes part reads it, and nobody changes it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    code: str
    titles: dict[str, Any] = Field(sa_column=written())
    unit: Unit = Field(sa_column=word(Unit))
    starts_on: date
    ends_on: date
    counted_as: Measure | None = Field(default=None, sa_column=word_if_any(Measure))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Fact(Table, table=True):
    """A figure with its source; a correction is another one, which names it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    indicator: UUID
    aspect: Aspect = Field(sa_column=word(Aspect))
    value: Decimal | None = Field(default=None, sa_column=Column(Numeric))
    qualifier: Qualifier = Field(default=Qualifier.EXACT, sa_column=word(Qualifier))
    source: dict[str, Any] = Field(sa_column=written())
    supersedes: UUID | None = None
    reason: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
