"""Leaving a consortium: nobody is held back, and what rests on it is suspended."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications import store
from services.grants.applications.rules import RESTING, Status, move
from services.grants.consortia import store as consortia
from services.grants.consortia.actions import give_answer
from services.grants.consortia.api import Former, seen
from services.grants.consortia.rules import Answer, ConsortiumNotReady, State
from services.grants.consortia.views import ConsortiumView
from services.grants.parties import NotActing, acting
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId
from services.kit.database import Transaction
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/consortia",
    tags=["consortia"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)


@router.post(
    "/{key}/withdrawal",
    responses=refusing(NotFound, NotPermitted, NotActing, ConsortiumNotReady),
)
async def withdraw_from_consortium(
    key: UUID, former: Former, request: RequestId, session: Transaction
) -> ConsortiumView:
    """Leave a consortium, for your own organisation.

    An application or award that rests on its terms is suspended until the consortium is
    whole again and all have signed; nothing is paid meanwhile.
    """
    own = acting(former)
    await consortia.find(session, former, key)
    resting = await store.of_consortium(session, former, key)
    left = await leave(session, former, key, own)
    for application in resting:
        if application.terms in left and application.status in RESTING:
            application.status = move(application.status, Status.SUSPENDED)
            entry = Entry(request, "application:suspend", former, application.id)
            await record(await driver(session), entry)
    await record(await driver(session), Entry(request, "terms:leave", former, key))
    return await seen(session, former, key)


async def leave(
    session: AsyncSession, caller: Caller, key: UUID, own: UUID
) -> frozenset[UUID]:
    """Withdraw from all terms that an organisation has accepted; give which."""
    await consortia.held(session, caller, key)
    every = await consortia.every_terms(session, caller, key)
    open_ones = {
        one.id: one for one in every if one.state in (State.PROPOSED, State.AGREED)
    }
    members = await consortia.members(session, caller, open_ones)
    accepted = [
        open_ones[one.terms]
        for one in members
        if one.organisation == own and one.answer is Answer.ACCEPTED
    ]
    if not accepted:
        raise ConsortiumNotReady
    for terms in accepted:
        await give_answer(session, caller, terms, own, Answer.WITHDREW)
    return frozenset(one.id for one in accepted)
