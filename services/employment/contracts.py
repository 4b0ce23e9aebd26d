"""Contract dates: the days that are taken, and whether the term is short or long."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONG_MONTHS: Final = 6
YEAR: Final = 12
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class Term(StrEnum):
    """A contract of six months or more is long, as is one without an end."""

    SHORT = "short"
    LONG = "long"


class Dates(BaseModel):
    """From the first day to the last; without a last day it is open."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    starts_on: Day
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            message = "a contract ends on or after the day on which it starts"
            raise ValueError(message)
        return self


def term(starts_on: date, ends_on: date | None) -> Term:
    """Call a contract long from six calendar months on: 1 January to 30 June is long.

    `ends_on` is the last day worked. A start on the 31st counts to a month's last day.
    """
    if ends_on is None:
        return Term.LONG
    whole = months_after(starts_on, LONG_MONTHS) - timedelta(days=1)
    return Term.LONG if ends_on >= whole else Term.SHORT


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
