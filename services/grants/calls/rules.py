"""What a call says, when it ends to the second, and the stages it goes through."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    model_validator,
)

from services.grants.calls.composition import Rule
from services.grants.texts import Paragraphs
from services.kit.money import WHOLE, Amount, Currency, Percent, payable
from services.kit.refusals import Refusal
from services.kit.texts import Line

MOST_POINTS: Final = 100


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError) as cause:
        message = "there is no such time zone in the IANA's list"
        raise ValueError(message) from cause


ZoneName = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,49}$"), AfterValidator(_known_zone)
]


class CallNotReady(Refusal):
    """The call is not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class NotOpen(Refusal):
    """The call takes no applications now: it has not opened, or it has closed."""

    status = HTTPStatus.CONFLICT


class StillUndecided(Refusal):
    """Some applications to this call have not come to their end."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where a call stands; from its publication everybody may read it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    DECIDED = "decided"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset({Status.DECIDED}),
    Status.DECIDED: frozenset(),
}


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise CallNotReady
    return wanted


class Criterion(BaseModel):
    """What assessors give points for, from 0 to 100, and how much it weighs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Line
    weight: Percent


class Content(BaseModel):
    """A call as its agency writes it; times are those of a clock in its time zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line
    description: Paragraphs | None = None
    currency: Currency
    ceiling: Amount
    budget: Amount
    opens_at: NaiveDatetime
    closes_at: NaiveDatetime
    time_zone: ZoneName
    rules: Annotated[tuple[Rule, ...], Field(max_length=20)] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=20)]
    assessors: Annotated[int, Field(ge=2, le=10)] = 2
    attempts: Annotated[int, Field(ge=1, le=20)] = 3

    @model_validator(mode="after")
    def _money_is_payable(self) -> Self:
        for amount in (self.ceiling, self.budget):
            payable(amount, self.currency)
        if not Decimal(0) < self.ceiling <= self.budget:
            message = "a grant's ceiling is above nothing and within the budget"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _weights_sum_to_a_hundred(self) -> Self:
        if sum(one.weight for one in self.criteria) != WHOLE:
            message = "the weights of the criteria add up to 100"
            raise ValueError(message)
        if len({one.key for one in self.criteria}) < len(self.criteria):
            message = "each criterion has a key of its own"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.opening() >= self.deadline():
            message = "a call closes after it opens"
            raise ValueError(message)
        return self

    def opening(self) -> datetime:
        return instant(self.opens_at, self.time_zone)

    def deadline(self) -> datetime:
        return instant(self.closes_at, self.time_zone)


def instant(on_the_clock: datetime, zone: str) -> datetime:
    """Give the moment at which a clock in a zone shows a time, if there is just one.

    Where summer time begins an hour is missing, where it ends one comes twice; a
    deadline in either would be argued about, so it is refused.
    """
    local = on_the_clock.replace(tzinfo=ZoneInfo(zone))
    moments = {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    if len(moments) > 1:
        message = "clocks in this zone show that time twice, or never"
        raise ValueError(message)
    return moments.pop()


def on_the_clock(moment: datetime, zone: str) -> datetime:
    """Show a moment as a clock in a zone does, with its offset from UTC."""
    return moment.astimezone(ZoneInfo(zone))


def open_at(status: Status, opens: datetime, closes: datetime, at: datetime) -> bool:
    """Tell whether applications are taken; the deadline itself is too late."""
    return status is Status.PUBLISHED and opens <= at < closes
