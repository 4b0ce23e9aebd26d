"""What a report says, when an award is settled, and the states of a report."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.grants.ledger.rules import DISBURSED, NOTHING, Account, Lines
from services.grants.texts import Paragraphs
from services.kit.money import Amount, payable
from services.kit.refusals import Invalid, Refusal

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class ReportNotReady(Refusal):
    """The report is not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class OtherReport(Refusal):
    """Another report of this award waits, or the final one has been accepted."""

    status = HTTPStatus.CONFLICT


class NotSettled(Refusal):
    """Money was paid that no accepted report and no return accounts for."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where a report stands; one that was returned is submitted again."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset({Status.ACCEPTED, Status.RETURNED}),
    Status.RETURNED: frozenset({Status.SUBMITTED}),
    Status.ACCEPTED: frozenset(),
}


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise ReportNotReady
    return wanted


class Content(BaseModel):
    """What the lead reports: what was spent in a time, and on what; names nobody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_day: Day
    to_day: Day
    spent: Amount
    summary: Paragraphs
    final: bool = False

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to_day < self.from_day:
            message = "a report ends on or after the day on which it starts"
            raise ValueError(message)
        return self


def exact(amount: Decimal, currency: str, field: str) -> Decimal:
    """Give an amount in its currency's decimals."""
    try:
        return payable(amount, currency)
    except ValueError as cause:
        raise Invalid({"pointer": f"/body/{field}", "reason": str(cause)}) from cause


def require_settled(balances: Lines, *, final: bool) -> None:
    """Close what was never paid, or what is accounted for and finally reported."""
    paid = sum((balances.get(one, NOTHING) for one in DISBURSED), NOTHING)
    owed = balances.get(Account.ADVANCED, NOTHING)
    if owed or (paid and not final):
        raise NotSettled
