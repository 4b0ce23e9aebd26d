"""What is recorded of a vacancy, and how it comes to be closed."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.employment.texts import Line
from services.kit.refusals import Refusal


class Hours(StrEnum):
    """Whether the work takes somebody's whole time; only then may it overlap none."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class State(StrEnum):
    """Where a vacancy stands."""

    PUBLISHED = "published"
    CLOSED = "closed"


NEXT: Mapping[State, frozenset[State]] = {
    State.PUBLISHED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class VacancyClosed(Refusal):
    """The vacancy is closed and takes nobody more."""

    status = HTTPStatus.CONFLICT


class Content(BaseModel):
    """A vacancy of one of your employers, with the number of its places."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    employer: UUID
    title: Line
    hours: Hours
    places: Annotated[int, Field(ge=1, le=1000)] = 1


def move(current: State, wanted: State) -> State:
    if wanted not in NEXT[current]:
        raise VacancyClosed
    return wanted


def after_placing(current: State, taken: int, places: int) -> State:
    """Take one more where `taken` were: refused when closed; the last place closes."""
    if current is State.CLOSED:
        raise VacancyClosed
    return current if taken + 1 < places else move(current, State.CLOSED)
