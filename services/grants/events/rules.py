"""What is recorded of an event between communities, and how it ends."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.grants.plans.rules import Attended, Day, Municipalities, Titles
from services.kit.refusals import Refusal


class EventOver(Refusal):
    """The event has been held or cancelled; neither is undone."""

    status = HTTPStatus.CONFLICT


class NotYetHeld(Refusal):
    """How many came to an event is recorded from its first day on."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where an event stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.HELD, Status.CANCELLED}),
    Status.HELD: frozenset(),
    Status.CANCELLED: frozenset(),
}


class Content(BaseModel):
    """An event: its title, its days, its municipalities and who organises it.

    The organisers are organisations of yours; others read their ids and, unless they
    know them themselves, nothing more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: Titles
    municipalities: Municipalities
    starts_on: Day
    ends_on: Day
    organisers: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            message = "an event ends on or after the day on which it starts"
            raise ValueError(message)
        return self


class Attendance(BaseModel):
    """How many came: one number for everybody, never one for each community."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attended: Attended


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise EventOver
    return wanted


def held(current: Status, starts_on: date, today: date) -> Status:
    if today < starts_on:
        raise NotYetHeld
    return move(current, Status.HELD)
