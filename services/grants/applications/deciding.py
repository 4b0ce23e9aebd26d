"""Deciding on applications: eligible, declined, appealed, ranked; the call's end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.grants.applications import store
from services.grants.applications.api import LEADING, Applying, held
from services.grants.applications.case import Desk
from services.grants.applications.desk import at_desk
from services.grants.applications.models import Application
from services.grants.applications.rules import (
    RANKABLE,
    ApplicationNotReady,
    DecidedBySame,
    Status,
    move,
    ranked,
)
from services.grants.applications.views import ApplicationView, view
from services.grants.calls import store as calls
from services.grants.calls.api import CallView
from services.grants.calls.api import view as call_view
from services.grants.calls.rules import CallNotReady, StillUndecided
from services.grants.calls.rules import Status as CallStatus
from services.grants.calls.rules import move as move_call
from services.grants.permissions import Grants
from services.kit.columns import now
from services.kit.http import Body, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["applications"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Deciding = Annotated[Desk, at_desk(Grants.DECIDE_APPLICATIONS)]
DECIDING = (NotFound, ApplicationNotReady)


class AppealVerdict(Body):
    """Upheld, the application is assessed anew; else it stays declined, for good."""

    upheld: bool


async def submitted(desk: Desk, key: UUID) -> Application:
    """Take an application that was submitted to a call of the caller's own."""
    application = await store.find(desk.session, desk.caller, key, hold=True)
    if application.agency != desk.caller.agency:
        raise NotFound
    return application


@router.post("/applications/{key}/eligibility", responses=refusing(*DECIDING))
async def admit_application(key: UUID, desk: Deciding) -> ApplicationView:
    """Find a submitted application eligible: it can be assessed now."""
    application = await submitted(desk, key)
    application.status = move(application.status, Status.ELIGIBLE)
    await desk.tell("application:admit", key)
    return view(desk.caller, application)


@router.post("/applications/{key}/decline", responses=refusing(*DECIDING))
async def decline_application(key: UUID, desk: Deciding) -> ApplicationView:
    """Decline an application; its lead may appeal once. An award is never declined."""
    application = await submitted(desk, key)
    if application.status is Status.APPEALED or application.awarded_at is not None:
        raise ApplicationNotReady
    application.status = move(application.status, Status.DECLINED)
    application.declined_by = desk.caller.subject
    await desk.tell("application:decline", key)
    return view(desk.caller, application)


@router.post("/applications/{key}/appeal", responses=refusing(*LEADING, CallNotReady))
async def appeal_application(key: UUID, desk: Applying) -> ApplicationView:
    """Appeal against a decline: once, and before the call is decided."""
    application = await held(desk, key)
    call = await calls.find(desk.session, desk.caller, application.call)
    if call.status is CallStatus.DECIDED:
        raise CallNotReady
    if application.appealed_at is not None:
        raise ApplicationNotReady
    application.status = move(application.status, Status.APPEALED)
    application.appealed_at = now()
    await desk.tell("application:appeal", key)
    return view(desk.caller, application)


@router.post(
    "/applications/{key}/appeal-decision",
    responses=refusing(*DECIDING, NotPermitted, DecidedBySame),
)
async def decide_appeal(
    key: UUID, verdict: AppealVerdict, desk: Deciding
) -> ApplicationView:
    """Decide an appeal; not by whoever declined the application."""
    application = await submitted(desk, key)
    onward = Status.SUBMITTED if verdict.upheld else Status.DECLINED
    if application.status is not Status.APPEALED:
        raise ApplicationNotReady
    if application.declined_by == desk.caller.subject:
        raise DecidedBySame
    application.status = move(application.status, onward)
    if verdict.upheld:
        application.round += 1
        application.score = application.rank = application.tied = None
    await desk.tell("appeal:decide", key, upheld=verdict.upheld)
    return view(desk.caller, application)


@router.post(
    "/calls/{key}/ranking", responses=refusing(NotFound, CallNotReady, StillUndecided)
)
async def rank_call(key: UUID, desk: Deciding) -> list[ApplicationView]:
    """Rank what was scored, the best first; what is equal has one rank, and says so.

    After an appeal that was upheld it is done again. What has been awarded keeps its
    status and has its rank among the others.
    """
    await calls.queue(desk.session, desk.caller, key)
    call = await calls.held(desk.session, desk.caller, key)
    if call.status is not CallStatus.CLOSED:
        raise CallNotReady
    every = await store.of_call(desk.session, desk.caller, key)
    if any(one.status in (Status.SUBMITTED, Status.ELIGIBLE) for one in every):
        raise StillUndecided
    scored = {one.id: one for one in every if one.status in RANKABLE}
    scores = {one.id: one.score for one in scored.values() if one.score is not None}
    for place in ranked(scores):
        application = scored[place.application]
        application.rank, application.tied = place.rank, place.tied
        if application.status is Status.SCORED:
            application.status = move(application.status, Status.RANKED)
    await desk.tell("call:rank", key, ranked=len(scores))
    best = sorted(scored.values(), key=lambda one: (one.rank or 0, one.id))
    return [view(desk.caller, one) for one in best]


@router.post(
    "/calls/{key}/decision", responses=refusing(NotFound, CallNotReady, StillUndecided)
)
async def decide_call(key: UUID, desk: Deciding) -> CallView:
    """End a call, once each application to it is awarded, declined or withdrawn."""
    await calls.queue(desk.session, desk.caller, key)
    call = await calls.held(desk.session, desk.caller, key)
    status = move_call(call.status, CallStatus.DECIDED)
    if await store.undecided(desk.session, desk.caller, key):
        raise StillUndecided
    call.status = status
    await desk.tell("call:decide", key)
    return call_view(call)
