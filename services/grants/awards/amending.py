"""Amendments: the agency proposes, the lead signs, the agency puts them in force."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from services.grants.applications.case import Desk
from services.grants.awards import store
from services.grants.awards.actions import held, plan
from services.grants.awards.models import Amendment, Award, Tranche
from services.grants.awards.rules import (
    NEXT_AMENDMENT,
    NEXT_TRANCHE,
    Amended,
    AmendmentStatus,
    AwardNotReady,
    OtherAmendment,
    Status,
    Terms,
    TrancheStatus,
    digest_of,
    move,
    numbered,
    require_other_hand,
    within,
    written,
    wrong,
)
from services.grants.calls import store as calls
from services.grants.consortia.rules import NotTheLead, OtherTerms
from services.grants.ledger.rules import NOTHING, Act
from services.grants.parties import acting
from services.kit.columns import now

PAYING = (TrancheStatus.RELEASED, TrancheStatus.DISBURSED)
ENDS_ON: Final = "ends_on"
WAITING = (AmendmentStatus.PROPOSED, AmendmentStatus.SIGNED)


def fixed(tranches: list[Tranche]) -> Decimal:
    """Add up what has been released: no amendment takes it back."""
    return sum((one.amount for one in tranches if one.status in PAYING), NOTHING)


def terms(award: Award, tranches: list[Tranche]) -> dict[str, Any]:
    """Write down what of an award an amendment can change, as it is now."""
    planned = [one for one in tranches if one.status is TrancheStatus.PLANNED]
    told = {
        "amount": award.amount,
        "ends_on": award.ends_on,
        "tranches": [
            {name: getattr(one, name) for name in ("amount", "due_on", "advance")}
            for one in planned
        ],
    }
    return Terms.model_validate(told).model_dump(mode="json")


async def _tranches(desk: Desk, award: Award) -> list[Tranche]:
    found = await store.tranches(desk.session, desk.caller, [award.id])
    return list(found.get(award.id, []))


async def propose(desk: Desk, key: UUID, amended: Amended) -> Amendment:
    """Lay new terms before the lead; there is one amendment at a time."""
    award = await held(desk, key)
    if award.status is not Status.ACTIVE:
        raise AwardNotReady
    history = await store.amendments(desk.session, desk.caller, key)
    if any(one.status in WAITING for one in history):
        raise OtherAmendment
    tranches = await _tranches(desk, award)
    await _check(desk, award, amended, tranches)
    after = amended.model_dump(mode="json", exclude={"reason"})
    amendment = Amendment(
        agency=award.agency,
        award=key,
        number=len(history) + 1,
        before=terms(award, tranches),
        after=after,
        reason=amended.reason,
        digest=digest_of(key, len(history) + 1, after),
        proposed_by=desk.caller.subject,
    )
    desk.session.add(amendment)
    await desk.tell("amendment:propose", amendment.id)
    return amendment


async def _check(
    desk: Desk, award: Award, amended: Terms, tranches: list[Tranche]
) -> Decimal:
    if amended.ends_on < award.starts_on:
        raise wrong(ENDS_ON, "is on or after the day on which the award starts")
    amount = written(amended, award.currency, fixed(tranches))
    call = await calls.find(desk.session, desk.caller, award.call)
    return within(amount, call.ceiling)


async def answer(
    desk: Desk, key: UUID, said: AmendmentStatus, digest: str | None
) -> Amendment:
    """Sign or refuse, as the lead itself, exactly the terms that lie here."""
    amendment = await store.amendment(desk.session, desk.caller, key)
    award = await store.find(desk.session, desk.caller, amendment.award)
    if acting(desk.caller) != award.lead:
        raise NotTheLead
    if digest is not None and digest != amendment.digest:
        raise OtherTerms
    amendment.status = move(NEXT_AMENDMENT, amendment.status, said)
    amendment.answered_at, amendment.answered_by = now(), desk.caller.subject
    amendment.answered_through = desk.caller.client
    about = {"status": str(said), "digest": amendment.digest}
    await desk.tell("amendment:answer", key, **about)
    return amendment


async def withdraw(desk: Desk, key: UUID) -> Amendment:
    """Take back an amendment that is not in force."""
    amendment = await store.amendment(desk.session, desk.caller, key)
    return await _decide(desk, amendment, AmendmentStatus.WITHDRAWN)


async def enact(desk: Desk, key: UUID) -> Amendment:
    """Put a signed amendment in force, its money with it."""
    amendment = await store.amendment(desk.session, desk.caller, key)
    award = await held(desk, amendment.award)
    await _decide(desk, amendment, AmendmentStatus.IN_FORCE)
    tranches = await _tranches(desk, award)
    paid_by = (one.disbursed_by for one in tranches)
    require_other_hand(desk.caller.subject, paid_by)
    after = Terms.model_validate(amendment.after)
    amount = await _check(desk, award, after, tranches)
    change = amount - award.amount
    if change:
        act = Act.COMMITMENT if change > 0 else Act.DECOMMITMENT
        await award.book.post(desk.session, desk.caller, act, abs(change), key)
    award.amount, award.ends_on = amount, after.ends_on
    for one in tranches:
        if one.status is TrancheStatus.PLANNED:
            one.status = move(NEXT_TRANCHE, one.status, TrancheStatus.CANCELLED)
    await plan(desk, award, numbered(after.tranches, len(tranches)))
    return amendment


async def _decide(
    desk: Desk, amendment: Amendment, decision: AmendmentStatus
) -> Amendment:
    amendment.status = move(NEXT_AMENDMENT, amendment.status, decision)
    amendment.decided_at, amendment.decided_by = now(), desk.caller.subject
    await desk.tell("amendment:decide", amendment.id, status=str(decision))
    return amendment
