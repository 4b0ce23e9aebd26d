"""Payments: report, accept, disburse, return, reverse, close."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from services.grants.applications.case import Desk
from services.grants.applications.rules import ApplicationNotReady
from services.grants.awards import store as awards
from services.grants.awards.desk import at_desk
from services.grants.awards.rules import AwardNotReady, AwardSuspended, SameHand
from services.grants.awards.views import AwardView, shown
from services.grants.consortia.rules import NotTheLead
from services.grants.ledger.rules import NotReversible, Overspent
from services.grants.ledger.views import JournalView, journals_view
from services.grants.parties import NotActing
from services.grants.payments import actions, store
from services.grants.payments.rules import (
    Content,
    NotSettled,
    OtherReport,
    ReportNotReady,
    Status,
)
from services.grants.permissions import Grants
from services.grants.texts import Paragraphs
from services.kit.http import Body, View, refusing
from services.kit.money import Amount
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line

router = APIRouter(
    tags=["payments"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid),
)

Reporter = Annotated[Desk, at_desk(Grants.SUBMIT_REPORTS)]
Reader = Annotated[Desk, at_desk(Grants.READ_AWARDS)]
Decider = Annotated[Desk, at_desk(Grants.DECIDE_REPORTS)]
Closer = Annotated[Desk, at_desk(Grants.DECIDE_AWARDS)]
Payer = Annotated[Desk, at_desk(Grants.DISBURSE_TRANCHES)]


class Verdict(Body):
    """What the agency says to a report; one that is returned is told why."""

    status: Literal[Status.ACCEPTED, Status.RETURNED]
    reason: Paragraphs | None = None

    @model_validator(mode="after")
    def _a_return_has_a_reason(self) -> Self:
        if self.status is Status.RETURNED and self.reason is None:
            message = "whoever returns a report says why"
            raise ValueError(message)
        return self


class Paper(Body):
    """The bank's reference of a payment."""

    reference: Line


class Returned(Paper):
    """Money that came back."""

    amount: Annotated[Amount, Field(gt=0)]


class ReportView(View):
    """A report on an award, and what was said to it."""

    id: UUID
    award: UUID
    status: Status
    final: bool
    from_day: date
    to_day: date
    spent: Amount
    summary: str
    submitted_at: datetime
    decided_at: datetime | None
    reason: str | None


@router.post(
    "/awards/{key}/reports",
    response_model=ReportView,
    status_code=201,
    responses=refusing(NotActing, NotTheLead, AwardNotReady, OtherReport),
)
async def submit_report(key: UUID, content: Content, desk: Reporter) -> object:
    """Report on an award as its lead."""
    return await actions.submit(desk, key, content)


@router.get("/awards/{key}/reports", response_model=list[ReportView])
async def list_reports(key: UUID, desk: Reader) -> object:
    """List the reports on an award that you decide on or take part in."""
    award = await awards.find(desk.session, desk.caller, key)
    return await store.of_award(desk.session, desk.caller, award.id)


@router.put(
    "/reports/{key}",
    response_model=ReportView,
    responses=refusing(NotActing, NotTheLead, AwardNotReady, ReportNotReady),
)
async def revise_report(key: UUID, content: Content, desk: Reporter) -> object:
    """Submit again, as the lead, a report that was returned."""
    return await actions.revise(desk, key, content)


@router.post(
    "/reports/{key}/decision",
    response_model=ReportView,
    responses=refusing(ReportNotReady, AwardNotReady, AwardSuspended, Overspent),
)
async def decide_report(key: UUID, body: Verdict, desk: Decider) -> object:
    """Accept a report, which releases the next tranche, or return it with a reason."""
    return await actions.decide(desk, key, body.status, body.reason)


@router.post(
    "/tranches/{key}/disbursement",
    responses=refusing(AwardNotReady, AwardSuspended, SameHand, Overspent),
)
async def disburse_tranche(key: UUID, body: Paper, desk: Payer) -> AwardView:
    """Pay a released tranche; whoever awarded, amended or released it may not."""
    award = await actions.disburse(desk, key, body.reference)
    return (await shown(desk, award))[0]


@router.post("/awards/{key}/returns", responses=refusing(Overspent))
async def return_money(key: UUID, body: Returned, desk: Payer) -> AwardView:
    """Enter money that an award's consortium has sent back."""
    award = await actions.take_back(desk, key, body.amount, body.reference)
    return (await shown(desk, award))[0]


@router.post(
    "/ledger/journals/{key}/reversal",
    status_code=201,
    responses=refusing(NotReversible, SameHand, AwardNotReady, Overspent),
)
async def reverse_journal(key: UUID, desk: Payer) -> JournalView:
    """Reverse a disbursement that bounced, or a return that never came."""
    opposite = await actions.reverse(desk, key)
    return (await journals_view(desk.session, desk.caller, [opposite]))[0]


@router.post(
    "/awards/{key}/closing",
    responses=refusing(AwardNotReady, ApplicationNotReady, NotSettled),
)
async def close_award(key: UUID, desk: Closer) -> AwardView:
    """Close a settled award: nothing owed, and finally reported if ever paid."""
    award = await actions.close(desk, key)
    return (await shown(desk, award))[0]
