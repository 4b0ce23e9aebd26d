"""What an award says, how it is amended, and the states it goes through."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.grants.consortia.rules import digest
from services.kit.money import Amount, payable
from services.kit.refusals import Invalid, Refusal
from services.kit.texts import Line

AMOUNT, TRANCHES = "amount", "tranches"
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class AwardNotReady(Refusal):
    """The award, or what hangs on it, is not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class AwardSuspended(Refusal):
    """The award or its consortium is suspended: no money moves."""

    status = HTTPStatus.CONFLICT


class AboveCeiling(Refusal):
    """The amount is above what was asked for, or what this call grants to one."""

    status = HTTPStatus.CONFLICT


class SameHand(Refusal):
    """Whoever awards, amends or releases does not disburse, and the other way round."""

    status = HTTPStatus.FORBIDDEN


class OtherAmendment(Refusal):
    """Another amendment of this award is waiting for its end."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where an award stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class TrancheStatus(StrEnum):
    """Where a tranche stands; a payment that bounced makes it payable again."""

    PLANNED = "planned"
    RELEASED = "released"
    DISBURSED = "disbursed"
    CANCELLED = "cancelled"


class AmendmentStatus(StrEnum):
    """Where an amendment stands: the lead signs it, then the agency enacts it."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.CLOSED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
NEXT_TRANCHE: Mapping[TrancheStatus, frozenset[TrancheStatus]] = {
    TrancheStatus.PLANNED: frozenset({TrancheStatus.RELEASED, TrancheStatus.CANCELLED}),
    TrancheStatus.RELEASED: frozenset(
        {TrancheStatus.DISBURSED, TrancheStatus.CANCELLED}
    ),
    TrancheStatus.DISBURSED: frozenset({TrancheStatus.RELEASED}),
    TrancheStatus.CANCELLED: frozenset(),
}
NEXT_AMENDMENT: Mapping[AmendmentStatus, frozenset[AmendmentStatus]] = {
    AmendmentStatus.PROPOSED: frozenset(
        {AmendmentStatus.SIGNED, AmendmentStatus.REFUSED, AmendmentStatus.WITHDRAWN}
    ),
    AmendmentStatus.SIGNED: frozenset(
        {AmendmentStatus.IN_FORCE, AmendmentStatus.WITHDRAWN}
    ),
    AmendmentStatus.IN_FORCE: frozenset(),
    AmendmentStatus.REFUSED: frozenset(),
    AmendmentStatus.WITHDRAWN: frozenset(),
}
Stage = TypeVar("Stage", bound=StrEnum)


def move(
    table: Mapping[Stage, frozenset[Stage]], current: Stage, wanted: Stage
) -> Stage:
    if wanted not in table[current]:
        raise AwardNotReady
    return wanted


class Planned(BaseModel):
    """A tranche: an advance is released with the award, any other by a report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount
    due_on: Day
    advance: bool = False


Plan = Annotated[tuple[Planned, ...], Field(max_length=40)]


class Terms(BaseModel):
    """What an award says of money and time; its tranches add up to its amount."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount
    ends_on: Day
    tranches: Plan


class Content(Terms):
    """What is granted to an application that has been ranked."""

    application: UUID
    starts_on: Day

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            message = "an award ends on or after the day on which it starts"
            raise ValueError(message)
        return self


def wrong(field: str, reason: str) -> Invalid:
    return Invalid({"pointer": f"/body/{field}", "reason": reason})


def written(terms: Terms, currency: str, fixed: Decimal = Decimal(0)) -> Decimal:
    """Give the amount in its currency's decimals, if the tranches add up to it.

    `fixed` is the sum of the tranches that have been released already.
    """
    try:
        amount = payable(terms.amount, currency)
        parts = [payable(one.amount, currency) for one in terms.tranches]
    except ValueError as cause:
        raise wrong(AMOUNT, str(cause)) from cause
    if amount <= 0 or any(part <= 0 for part in parts):
        raise wrong(AMOUNT, "is above nothing")
    if sum(parts, fixed) != amount:
        raise wrong(TRANCHES, "add up to the amount")
    return amount


def within(amount: Decimal, ceiling: Decimal) -> Decimal:
    if amount > ceiling:
        raise AboveCeiling
    return amount


def require_other_hand(subject: str, others: Iterable[str | None]) -> None:
    """Keep apart who decides on money and who pays it, whatever they may do."""
    if subject in set(others):
        raise SameHand


class Amended(Terms):
    """What an amendment makes of an award; its tranches replace those still planned."""

    reason: Line


def digest_of(award: UUID, number: int, after: Mapping[str, Any]) -> str:
    """Give the digest that the lead signs: of the new terms, and nothing else."""
    return digest({"award": str(award), "amendment": number, "after": after})


def numbered(tranches: Sequence[Planned], taken: int = 0) -> list[tuple[int, Planned]]:
    """Number tranches behind those that there are."""
    return list(enumerate(tranches, start=taken + 1))
