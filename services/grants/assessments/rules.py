"""What an assessor says, what counts, and when the scores are told."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from http import HTTPStatus
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from services.grants.calls.rules import Criterion
from services.kit.refusals import Invalid, Refusal

PRECISION: Final = Decimal("0.0001")
Points = Annotated[int, Field(ge=0, le=100)]


class AssessmentNotReady(Refusal):
    """The assessment is not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class AlreadyAppointed(Refusal):
    """This assessor has been appointed to the application."""

    status = HTTPStatus.CONFLICT


class State(StrEnum):
    """Where one assessor's work on one application stands."""

    APPOINTED = "appointed"
    FREE = "free"
    CONFLICTED = "conflicted"
    SCORED = "scored"


NEXT: Mapping[State, frozenset[State]] = {
    State.APPOINTED: frozenset({State.FREE, State.CONFLICTED}),
    State.FREE: frozenset({State.SCORED, State.CONFLICTED}),
    State.CONFLICTED: frozenset(),
    State.SCORED: frozenset(),
}


class Appointment(BaseModel):
    """An assessor of your agency, by the subject of its tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    assessor: Annotated[str, Field(pattern=r"^[^\x00-\x20\x7f-\x9f]{1,200}$")]


class Declaration(BaseModel):
    """Whether anything ties the assessor to one of the applicants."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    conflicted: bool


class Scores(BaseModel):
    """Points from 0 to 100 for each criterion of the call, by its key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: Annotated[dict[str, Points], Field(min_length=1, max_length=20)]


def move(current: State, wanted: State) -> State:
    if wanted not in NEXT[current]:
        raise AssessmentNotReady
    return wanted


def weighed(points: Mapping[str, int], criteria: Sequence[Criterion]) -> Decimal:
    """Weigh points by the call's criteria; each has its points, and no other has."""
    if points.keys() != {one.key for one in criteria}:
        reason = "Give points for each criterion of the call, and for nothing else."
        raise Invalid({"pointer": "/body/points", "reason": reason})
    total = sum((one.weight * points[one.key] for one in criteria), Decimal(0))
    return (total / 100).quantize(PRECISION, ROUND_HALF_EVEN)


def complete(states: Collection[State], needed: int) -> bool:
    """Tell whether everybody without a conflict has scored, and enough have."""
    free = [one for one in states if one is not State.CONFLICTED]
    return len(free) >= needed and set(free) == {State.SCORED}


def mean(scores: Collection[Decimal]) -> Decimal:
    exact = sum((Fraction(one) for one in scores), Fraction()) / len(scores)
    return Decimal(round(exact * 10_000)).scaleb(-4)
