"""What is recorded of a placement, how it goes on, and when it must be refused."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import ClassVar, Final, Literal, NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from services.employment.contracts import Dates, Day
from services.kit.refusals import Refusal


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


class NotNext(Refusal):
    """The placement does not go from where it stands to what is asked."""

    status = HTTPStatus.CONFLICT


class OtherPlacement(Refusal):
    """Another placement of yours was recorded under this idempotency key."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where a placement stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    STARTED = "started"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN}),
    Status.ACCEPTED: frozenset({Status.STARTED, Status.DECLINED, Status.WITHDRAWN}),
    Status.STARTED: frozenset({Status.ENDED}),
    Status.ENDED: frozenset(),
    Status.DECLINED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
# From accepted on somebody has agreed to be there in these days, or was there.
HOLDING: Final = frozenset({Status.ACCEPTED, Status.STARTED, Status.ENDED})
# An employer may know who it is, since it has agreed.
INTRODUCED: Final = frozenset({Status.ACCEPTED, Status.STARTED})
# What an agency may still change the contract's dates of.
OPEN: Final = frozenset({Status.PROPOSED, Status.ACCEPTED, Status.STARTED})


class Why(StrEnum):
    """Why a placement is over; never how somebody is: it is nobody's business here."""

    COMPLETED = "completed"
    LEFT = "left"
    DISMISSED = "dismissed"
    AGREED = "agreed"
    EMPLOYER_CLOSED = "employer_closed"
    BY_EMPLOYER = "by_employer"
    BY_PERSON = "by_person"
    BY_AGENCY = "by_agency"
    RECORDED_IN_ERROR = "recorded_in_error"
    OTHER = "other"


WHY: Mapping[Status, frozenset[Why]] = {
    Status.ENDED: frozenset(
        {
            Why.COMPLETED,
            Why.LEFT,
            Why.DISMISSED,
            Why.AGREED,
            Why.EMPLOYER_CLOSED,
            Why.OTHER,
        }
    ),
    Status.DECLINED: frozenset({Why.BY_EMPLOYER, Why.BY_PERSON, Why.OTHER}),
    Status.WITHDRAWN: frozenset(
        {Why.BY_PERSON, Why.BY_AGENCY, Why.RECORDED_IN_ERROR, Why.OTHER}
    ),
}


class Content(Dates):
    """One of your registrations proposed for one of your published vacancies.

    For a full-time vacancy `overlap_check_consented` must be true: the person has
    agreed that it be checked, across all agencies, that they hold no other full-time
    placement in these days. A placement that was agreed on, or has begun, before it is
    recorded is recorded as that.
    """

    vacancy: UUID
    registration: UUID
    overlap_check_consented: bool = False
    status: Literal[Status.PROPOSED, Status.ACCEPTED, Status.STARTED] = Status.PROPOSED


class Step(BaseModel):
    """What has happened to a placement.

    `on` is the first day worked when it started, if that is another than agreed, and
    the last day worked when it ended. `why` is needed for whatever is over.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Literal[
        Status.ACCEPTED,
        Status.STARTED,
        Status.ENDED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ]
    on: Day | None = None
    why: Why | None = None

    @model_validator(mode="after")
    def _says_what_belongs_to_it(self) -> Self:
        reasons: Collection[Why | None] = WHY.get(self.status, {None})
        if self.why not in reasons:
            message = "this is no reason for that status"
            raise ValueError(message)
        dated = self.status in {Status.STARTED, Status.ENDED}
        if self.on is not None and not dated:
            message = "only a start and an end have a day"
            raise ValueError(message)
        if self.on is None and self.status is Status.ENDED:
            message = "an end has a last day"
            raise ValueError(message)
        return self


class Days(NamedTuple):
    """The days that a full-time placement holds; without an end, all that follow."""

    first: date
    last: date | None


def reaches_further(before: Days | None, now: Days | None) -> bool:
    """Tell whether days are held that were not: only then can the bit be learnt."""
    if now is None or before is None:
        return now is not None
    later = before.last is not None and (now.last is None or now.last > before.last)
    return later or now.first < before.first


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise NotNext
    return wanted


def takes_a_place(status: Status, why: Why | None) -> bool:
    """Tell whether a placement takes one of its vacancy's places.

    A contract that ran to its end has used its place up; every other end frees it.
    """
    if status is Status.ENDED:
        return why is Why.COMPLETED
    return status in INTRODUCED
