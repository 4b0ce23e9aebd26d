"""What is recorded of a placement, its term, and when it must be refused."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, ClassVar, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kit.refusals import Refusal

LONG_MONTHS: Final = 6
YEAR: Final = 12
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class Overlapping(Refusal):
    """This person cannot be placed full-time in these days.

    It is the one bit that crosses agencies. Whose placement stands in the way, and
    when, is never told; the person has consented to the check, it is rate-limited, and
    each refusal is in the audit.
    """

    status = HTTPStatus.CONFLICT


class NotConsented(Refusal):
    """A full-time placement needs the person's consent to the overlap check."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooMany(Refusal):
    """Too many full-time placements were tried within an hour; try again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers: ClassVar = {"retry-after": "3600"}


class Term(StrEnum):
    """A placement of six months or more is long, as is one without an end."""

    SHORT = "short"
    LONG = "long"


class Status(StrEnum):
    """Only an active placement takes a place, and somebody's time."""

    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Content(BaseModel):
    """One of your registrations placed in one of your vacancies.

    `ends_on` is the last day; without it the placement is open. For a full-time vacancy
    `overlap_check_consented` must be true: the person has agreed that it be checked,
    across all agencies, that they hold no other full-time placement in these days.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    vacancy: UUID
    registration: UUID
    starts_on: Day
    ends_on: Day | None = None
    overlap_check_consented: bool = False

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            message = "a placement ends on or after the day on which it starts"
            raise ValueError(message)
        return self


def term(starts_on: date, ends_on: date | None) -> Term:
    """Call a placement long from six calendar months on: 1 January to 30 June is long.

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
