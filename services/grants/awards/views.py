"""What leaves of awards."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.grants.applications.case import Desk
from services.grants.awards import store
from services.grants.awards.models import Award, Tranche
from services.grants.awards.rules import AmendmentStatus, Status, TrancheStatus
from services.kit.http import View
from services.kit.money import Amount


class TrancheView(View):
    """A part of an award, paid at once; an advance waits for no report."""

    id: UUID
    number: int
    amount: Amount
    due_on: date
    advance: bool
    status: TrancheStatus
    released_at: datetime | None
    disbursed_at: datetime | None


class AwardView(View):
    """A grant, its tranches in their order; those that were replaced are cancelled."""

    id: UUID
    application: UUID
    call: UUID
    lead: UUID
    status: Status
    amount: Amount
    currency: str
    starts_on: date
    ends_on: date
    tranches: list[TrancheView]
    decided_at: datetime
    closed_at: datetime | None


class AmendmentView(View):
    """A change of an award; the lead signs its `digest`."""

    id: UUID
    award: UUID
    number: int
    status: AmendmentStatus
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    digest: str
    proposed_at: datetime
    answered_at: datetime | None
    decided_at: datetime | None


def view(award: Award, tranches: Sequence[Tranche]) -> AwardView:
    told = [TrancheView.model_validate(one) for one in tranches]
    return AwardView(**award.model_dump(), tranches=told)


async def shown(desk: Desk, *awards: Award) -> list[AwardView]:
    await desk.session.flush()
    ids = [one.id for one in awards]
    found = await store.tranches(desk.session, desk.caller, ids)
    return [view(one, found.get(one.id, [])) for one in awards]
