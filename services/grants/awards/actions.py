"""Granting, releasing and amending: what is decided on an award, and its money with it.

Locks are always taken so: the call, its organisations, the application, the award.
"""

from collections.abc import Sequence
from uuid import UUID

from services.grants.applications import actions as applications
from services.grants.applications import store as applications_store
from services.grants.applications.case import Desk
from services.grants.applications.rules import NotComposed
from services.grants.applications.rules import Status as ApplicationStatus
from services.grants.awards import store
from services.grants.awards.models import Award, Tranche
from services.grants.awards.rules import (
    NEXT_TRANCHE,
    AwardNotReady,
    AwardSuspended,
    Content,
    Planned,
    Status,
    TrancheStatus,
    move,
    numbered,
    within,
    written,
)
from services.grants.calls import store as calls
from services.grants.calls.models import Call
from services.grants.ledger import store as ledger
from services.grants.ledger.actions import Book
from services.grants.ledger.rules import Act
from services.kit.columns import now
from services.kit.money import payable


async def grant(desk: Desk, content: Content) -> Award | NotComposed:
    """Award an application within its call's ceiling and what is left of its budget."""
    session, caller = desk.session, desk.caller
    seen = await applications_store.find(session, caller, content.application)
    amount = written(content, seen.currency)
    granted = await applications.award(desk, seen.id)
    if isinstance(granted, NotComposed):
        return granted
    call = await calls.find(session, caller, granted.call)
    award = Award(
        agency=granted.agency,
        application=granted.id,
        call=granted.call,
        lead=granted.lead,
        amount=within(amount, min(call.ceiling, granted.amount)),
        currency=granted.currency,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        decided_by=caller.subject,
    )
    session.add(award)
    await session.flush()
    await _fund(desk, call)
    await award.book.post(session, caller, Act.COMMITMENT, amount)
    await plan(desk, award, numbered(content.tranches))
    await desk.tell("award:decide", award.id)
    return award


async def _fund(desk: Desk, call: Call) -> None:
    """Enter a call's budget, before the first that is taken out of it."""
    if not await ledger.funded(desk.session, desk.caller, call.id):
        budget = payable(call.budget, call.currency)
        book = Book(call.id, call.currency)
        await book.post(desk.session, desk.caller, Act.FUNDING, budget)


async def plan(
    desk: Desk, award: Award, tranches: Sequence[tuple[int, Planned]]
) -> None:
    """Plan tranches; an advance is released with its plan."""
    for number, planned in tranches:
        tranche = Tranche(
            agency=award.agency,
            award=award.id,
            number=number,
            amount=payable(planned.amount, award.currency),
            due_on=planned.due_on,
            advance=planned.advance,
            awarded_by=award.decided_by,
        )
        desk.session.add(tranche)
        if planned.advance:
            await release(desk, award, tranche)
    await desk.session.flush()


async def release(desk: Desk, award: Award, tranche: Tranche) -> None:
    tranche.status = move(NEXT_TRANCHE, tranche.status, TrancheStatus.RELEASED)
    tranche.released_at, tranche.released_by = now(), desk.caller.subject
    await desk.session.flush()
    book, about = award.book, tranche.id
    await book.post(desk.session, desk.caller, Act.RELEASE, tranche.amount, about)


async def held(desk: Desk, key: UUID, *, moving: bool = True) -> Award:
    """Hold an award of one's own; where money is to move, nothing may be suspended."""
    seen = await store.find(desk.session, desk.caller, key)
    application = await applications_store.find(
        desk.session, desk.caller, seen.application, hold=True
    )
    award = await store.held(desk.session, desk.caller, key)
    whole = application.status is ApplicationStatus.AWARDED
    if moving and award.status is Status.CLOSED:
        raise AwardNotReady
    if moving and (award.status is Status.SUSPENDED or not whole):
        raise AwardSuspended
    return award
