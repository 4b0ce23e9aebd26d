"""What leaves of an application, and to whom."""

from datetime import datetime
from typing import Final
from uuid import UUID

from services.grants.applications.models import Application
from services.grants.applications.rules import Status
from services.kit.callers import Caller
from services.kit.http import View
from services.kit.money import Amount, Percent, payable

# Before a decision has been told, its applicants do not read how they were scored.
TOLD: Final = frozenset({Status.AWARDED, Status.DECLINED, Status.APPEALED})


class ApplicationView(View):
    """An application; `score` and `rank` are its applicants' to read once decided.

    `offered` are the terms under which members are asked to sign, `terms` those that
    all have signed.
    """

    id: UUID
    agency: str
    call: UUID
    consortium: UUID
    lead: UUID
    status: Status
    title: str
    summary: str | None
    amount: Amount
    currency: str
    priorities: list[UUID]
    offered: UUID | None
    terms: UUID | None
    digest: str | None
    score: Percent | None
    rank: int | None
    tied: bool | None
    submitted_at: datetime | None
    awarded_at: datetime | None
    concluded_at: datetime | None
    appealed_at: datetime | None
    recorded_at: datetime


def view(caller: Caller, application: Application) -> ApplicationView:
    shown = ApplicationView.model_validate(application)
    shown.amount = payable(application.amount, application.currency)
    if caller.agency == application.agency or application.status in TOLD:
        return shown
    return shown.model_copy(update={"score": None, "rank": None, "tied": None})
