"""Publishing: the caller's awards read page by page, and of those what may leave.

No connection is held while a slow reader takes his time: each page is a transaction of
its own.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications.models import Application
from services.grants.awards.models import Award
from services.grants.awards.rules import Status
from services.grants.calls.models import Call
from services.grants.consortia.models import Member
from services.grants.consortia.rules import Role
from services.grants.ledger.rules import Act
from services.grants.organisations.models import Organisation
from services.grants.standards import store
from services.grants.standards.rules import (
    Flow,
    Grant,
    Movement,
    NothingToPublish,
    Priority,
    Recipient,
    Stage,
    may_be_published,
)
from services.grants.withholdings import store as withholdings
from services.kit.callers import Caller

ONCE: Final = 100  # awards a page
FLOWS: Final[Mapping[Act, Flow]] = {
    Act.COMMITMENT: Flow.COMMITMENT,
    Act.DECOMMITMENT: Flow.COMMITMENT,
    Act.DISBURSEMENT: Flow.DISBURSEMENT,
    Act.REVERSAL: Flow.DISBURSEMENT,
    Act.RETURN: Flow.RETURN,
}
STAGES: Final[Mapping[Status, Stage]] = {
    Status.ACTIVE: Stage.ONGOING,
    Status.SUSPENDED: Stage.SUSPENDED,
    Status.CLOSED: Stage.CLOSED,
}

Row = tuple[Award, Application, Call]
Sessions = Callable[[], AbstractAsyncContextManager[AsyncSession]]


async def published(opening: Sessions, caller: Caller) -> AsyncIterator[Grant]:
    """Give each award of the caller's that may leave, as it leaves."""
    after: UUID | None = None
    while True:
        async with opening() as session:
            rows = await store.awards(session, caller, after, ONCE)
            grants = await _grants(session, caller, rows)
        for grant in grants:
            yield grant
        if len(rows) < ONCE:
            return
        after = rows[-1][0].id


async def begun(grants: AsyncIterator[Grant]) -> AsyncIterator[Grant]:
    """Look for the first one before an answer begins: neither format can be empty."""
    try:
        first = await anext(grants)
    except StopAsyncIteration:
        raise NothingToPublish from None
    return _from(first, grants)


async def _from(first: Grant, others: AsyncIterator[Grant]) -> AsyncIterator[Grant]:
    yield first
    async for grant in others:
        yield grant


async def _grants(
    session: AsyncSession, caller: Caller, rows: Sequence[Row]
) -> list[Grant]:
    applications = [application for _, application, _ in rows]
    asked: dict[UUID, list[tuple[Member, Organisation]]] = {}
    consortia = {one.consortium for one in applications}
    for member, organisation in await store.members(session, caller, consortia):
        asked.setdefault(member.consortium, []).append((member, organisation))
    organisations = {one.id for each in asked.values() for _, one in each}
    withheld = await withholdings.withheld(session, caller, organisations)
    moved = await _movements(session, caller, [award.id for award, _, _ in rows])
    named = {key for one in applications for key in one.priorities}
    known = await store.priorities(session, caller, named)
    priorities = {
        key: Priority(one.titles, one.sector, plan.municipalities)
        for key, (one, plan) in known.items()
    }
    return [
        grant(row, members, moved.get(row[0].id, ()), priorities)
        for row in rows
        if may_be_published(everybody(members := asked[row[1].consortium]), withheld)
    ]


async def _movements(
    session: AsyncSession, caller: Caller, awards: Sequence[UUID]
) -> Mapping[UUID, Sequence[Movement]]:
    moved: dict[UUID, list[Movement]] = {}
    for award, act, at, amount in await store.movements(session, caller, awards):
        moved.setdefault(award, []).append(Movement(FLOWS[act], at.date(), amount))
    return moved


def everybody(members: Iterable[tuple[Member, Organisation]]) -> list[Recipient]:
    return [recipient(organisation) for _, organisation in members]


def recipient(of: Organisation) -> Recipient:
    return Recipient(of.id, of.name, of.kind, of.registered_in, of.registration_number)


def grant(
    row: Row,
    members: Sequence[tuple[Member, Organisation]],
    movements: Sequence[Movement],
    priorities: Mapping[UUID, Priority],
) -> Grant:
    """Put together what leaves; of the application that is its priorities alone."""
    award, application, call = row
    signed = [one for one in members if one[0].terms == application.terms]
    lead_first = sorted(signed, key=lambda one: one[0].role is not Role.LEAD)
    return Grant(
        id=award.id,
        call=call.id,
        call_title=call.title,
        currency=award.currency,
        amount=award.amount,
        stage=STAGES[award.status],
        awarded_on=award.decided_at.date(),
        starts_on=award.starts_on,
        ends_on=award.ends_on,
        closed_on=award.closed_at.date() if award.closed_at else None,
        recipients=everybody(lead_first),
        movements=movements,
        priorities=[
            priorities[key] for key in application.priorities if key in priorities
        ],
    )
