"""Reporting, paying, returning and closing: what is done, and its money with it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.grants.applications import actions as applications
from services.grants.applications.case import Desk
from services.grants.awards import rules as awarding
from services.grants.awards import store as awards
from services.grants.awards.actions import held, release
from services.grants.awards.models import Award, Tranche
from services.grants.awards.rules import (
    AwardNotReady,
    TrancheStatus,
    require_other_hand,
)
from services.grants.consortia.rules import NotTheLead
from services.grants.ledger import store as ledger
from services.grants.ledger.models import Journal
from services.grants.ledger.rules import Account, Act, NotReversible
from services.grants.parties import acting
from services.grants.payments import store
from services.grants.payments.models import Report
from services.grants.payments.rules import (
    Content,
    OtherReport,
    Status,
    exact,
    move,
    require_settled,
)
from services.kit.columns import now


async def _by_lead(desk: Desk, key: UUID) -> Award:
    award = await awards.find(desk.session, desk.caller, key)
    if acting(desk.caller) != award.lead:
        raise NotTheLead
    if award.status is awarding.Status.CLOSED:
        raise AwardNotReady
    return award


async def submit(desk: Desk, key: UUID, content: Content) -> Report:
    """Report on an award as its lead; there is one report at a time."""
    award = await _by_lead(desk, key)
    reports = await store.of_award(desk.session, desk.caller, key)
    waiting = any(one.status is not Status.ACCEPTED for one in reports)
    if waiting or store.final(reports):
        raise OtherReport
    spent = exact(content.spent, award.currency, "spent")
    report = Report(
        **content.model_dump() | {"spent": spent},
        agency=award.agency,
        award=key,
        submitted_by=desk.caller.subject,
    )
    desk.session.add(report)
    try:
        await desk.session.flush()
    except IntegrityError as cause:  # another one came between
        raise OtherReport from cause
    await desk.tell("report:submit", report.id)
    return report


async def revise(desk: Desk, key: UUID, content: Content) -> Report:
    """Submit a report again that was returned."""
    report = await store.find(desk.session, desk.caller, key)
    award = await _by_lead(desk, report.award)
    spent = exact(content.spent, award.currency, "spent")
    report.status = move(report.status, Status.SUBMITTED)
    report.sqlmodel_update(content.model_dump() | {"spent": spent})
    report.submitted_at, report.submitted_by = now(), desk.caller.subject
    await desk.tell("report:submit", key)
    return report


async def decide(desk: Desk, key: UUID, said: Status, reason: str | None) -> Report:
    """Return a report, or accept it: what it spent is entered, a tranche released."""
    report = await store.find(desk.session, desk.caller, key)
    award = await held(desk, report.award, moving=said is Status.ACCEPTED)
    report.status, report.reason = move(report.status, said), reason
    report.decided_at, report.decided_by = now(), desk.caller.subject
    await desk.tell("report:decide", key, status=str(said))
    if said is Status.ACCEPTED:
        await _enter(desk, award, report)
    return report


async def _enter(desk: Desk, award: Award, report: Report) -> None:
    if report.spent:
        book, spent = award.book, report.spent
        await book.post(desk.session, desk.caller, Act.REPORT, spent, report.id)
    if not report.final:
        for tranche in await _tranches(desk, award, TrancheStatus.PLANNED):
            await release(desk, award, tranche)
            break


async def _tranches(desk: Desk, award: Award, *which: TrancheStatus) -> list[Tranche]:
    found = await awards.tranches(desk.session, desk.caller, [award.id])
    return [one for one in found.get(award.id, []) if one.status in which]


async def disburse(desk: Desk, key: UUID, reference: str) -> Award:
    """Pay a tranche that another hand awarded and released."""
    seen = await awards.tranche(desk.session, desk.caller, key)
    award = await held(desk, seen.award)
    tranche = await awards.tranche(desk.session, desk.caller, key)
    decided = await awards.deciders(desk.session, desk.caller, award)
    require_other_hand(desk.caller.subject, {*decided, tranche.released_by})
    paid = TrancheStatus.DISBURSED
    tranche.status = awarding.move(awarding.NEXT_TRANCHE, tranche.status, paid)
    tranche.disbursed_at, tranche.disbursed_by = now(), desk.caller.subject
    await desk.session.flush()
    await award.book.post(
        desk.session, desk.caller, Act.DISBURSEMENT, tranche.amount, key, reference
    )
    await desk.tell("tranche:disburse", key)
    return award


async def take_back(desk: Desk, key: UUID, amount: Decimal, reference: str) -> Award:
    """Enter money that came back."""
    award = await held(desk, key, moving=False)
    back = exact(amount, award.currency, "amount")
    await award.book.post(desk.session, desk.caller, Act.RETURN, back, None, reference)
    await desk.tell("money:return", key)
    return award


async def reverse(desk: Desk, key: UUID) -> Journal:
    """Enter the opposite of a payment that bounced or a return that never came."""
    wrong = await ledger.find(desk.session, desk.caller, key)
    if wrong.award is None:
        raise NotReversible
    award = await held(desk, wrong.award, moving=False)
    decided = await awards.deciders(desk.session, desk.caller, award)
    require_other_hand(desk.caller.subject, decided)
    opposite = await award.book.reverse(desk.session, desk.caller, wrong)
    if wrong.act is Act.DISBURSEMENT and wrong.about is not None:
        tranche = await awards.tranche(desk.session, desk.caller, wrong.about)
        again = TrancheStatus.RELEASED
        tranche.status = awarding.move(awarding.NEXT_TRANCHE, tranche.status, again)
        tranche.disbursed_at = tranche.disbursed_by = None
    await desk.tell("journal:reverse", key)
    return opposite


async def close(desk: Desk, key: UUID) -> Award:
    """Close an award that is settled; what was not released is available again."""
    seen = await awards.find(desk.session, desk.caller, key)
    award = await held(desk, seen.id, moving=False)
    award.status = awarding.move(awarding.NEXT, award.status, awarding.Status.CLOSED)
    award.closed_at = now()
    balances = await ledger.of_award(desk.session, desk.caller, key)
    reports = await store.of_award(desk.session, desk.caller, key)
    require_settled(balances, final=store.final(reports))
    await _cancel(desk, award)
    left = (await ledger.of_award(desk.session, desk.caller, key))[Account.COMMITTED]
    if left:
        await award.book.post(desk.session, desk.caller, Act.DECOMMITMENT, left)
    await applications.conclude(desk, award.application)
    await desk.tell("award:close", key)
    return award


async def _cancel(desk: Desk, award: Award) -> None:
    """Cancel what is not paid; what had been released is committed again first."""
    unpaid = (TrancheStatus.PLANNED, TrancheStatus.RELEASED)
    for one in await _tranches(desk, award, *unpaid):
        if one.status is TrancheStatus.RELEASED:
            book, act = award.book, Act.WITHHOLDING
            await book.post(desk.session, desk.caller, act, one.amount, one.id)
        cancelled = TrancheStatus.CANCELLED
        one.status = awarding.move(awarding.NEXT_TRANCHE, one.status, cancelled)
    await desk.session.flush()
