"""What is recorded of support for a business, and how it goes on."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.employment.contracts import Dates, Day
from services.employment.money import Sum
from services.employment.texts import ProgrammeCode
from services.kit.refusals import Refusal
from services.kit.texts import Line

State = TypeVar("State", bound=StrEnum)


class NotTheNext(Refusal):
    """This does not go from where it stands to what is asked."""

    status = HTTPStatus.CONFLICT


class Kind(StrEnum):
    """What an enterprise activity does for a business."""

    START_UP = "start_up"
    EXPANSION = "expansion"
    EQUIPMENT = "equipment"
    MARKET_ACCESS = "market_access"
    ADVICE = "advice"
    CERTIFICATION = "certification"
    OTHER = "other"


class ActivityState(StrEnum):
    """A planned activity runs or is stopped; a running one is completed or stopped."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"


class PlanState(StrEnum):
    """A draft is submitted, then approved, or returned and submitted again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


ACTIVITY_NEXT: Mapping[ActivityState, frozenset[ActivityState]] = {
    ActivityState.PLANNED: frozenset({ActivityState.RUNNING, ActivityState.STOPPED}),
    ActivityState.RUNNING: frozenset({ActivityState.COMPLETED, ActivityState.STOPPED}),
    ActivityState.COMPLETED: frozenset(),
    ActivityState.STOPPED: frozenset(),
}
PLAN_NEXT: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.RETURNED, PlanState.APPROVED}),
    PlanState.RETURNED: frozenset({PlanState.SUBMITTED}),
    PlanState.APPROVED: frozenset(),
}


class Grant(Sum):
    """A small grant, by the award of the grants service that it is part of."""

    award: UUID


class ActivityContent(Dates):
    """Support for one business, which is one of your employers."""

    employer: UUID
    kind: Kind
    title: Line
    grant: Grant | None = None
    programme: ProgrammeCode | None = None

    def columns(self) -> dict[str, Any]:
        """Give the columns that keep this: a grant takes three, or none."""
        grant = self.grant
        return {
            **self.model_dump(exclude={"grant"}),
            "grant_award": grant.award if grant else None,
            "grant_amount": grant.written if grant else None,
            "grant_currency": grant.currency if grant else None,
        }


class PlanContent(BaseModel):
    """The business plan of one of your employers; the plan itself is kept elsewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    employer: UUID
    title: Line
    written_on: Day
    activity: UUID | None = None


def move(
    table: Mapping[State, frozenset[State]], current: State, wanted: State
) -> State:
    if wanted not in table[current]:
        raise NotTheNext
    return wanted
