"""Applications: draft, change, withdraw, read, list. Signing is next door."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.grants.applications import store
from services.grants.applications.actions import by_lead
from services.grants.applications.case import Desk
from services.grants.applications.desk import at_desk
from services.grants.applications.models import Application
from services.grants.applications.rules import (
    ApplicationNotReady,
    Draft,
    Status,
    asked,
    move,
)
from services.grants.applications.views import ApplicationView, view
from services.grants.calls import store as calls
from services.grants.calls.rules import NotOpen, open_at
from services.grants.consortia import store as consortia
from services.grants.consortia.rules import NotTheLead
from services.grants.parties import NotActing, acting
from services.grants.permissions import Grants
from services.grants.plans import store as plans
from services.grants.plans.rules import NoSuchPriority
from services.kit.callers import Caller, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import refusing
from services.kit.pages import Page, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/applications",
    tags=["applications"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Applying = Annotated[Desk, at_desk(Grants.APPLY)]
Reader = Annotated[Caller, holding(Grants.READ_APPLICATIONS)]


LEADING = (NotFound, NotPermitted, NotActing, NotTheLead, ApplicationNotReady)


class Beginning(Draft):
    """A first draft: for which call, and by which of your consortia."""

    call: UUID
    consortium: UUID


class Listing(PageQuery):
    """Which applications are listed."""

    call: UUID | None = None


async def held(desk: Desk, key: UUID) -> Application:
    """Take an application that the caller leads."""
    application = await store.find(desk.session, desk.caller, key, hold=True)
    by_lead(desk, application)
    return application


@router.post(
    "",
    status_code=201,
    responses=refusing(
        NotFound, NotPermitted, NotActing, NotTheLead, NotOpen, NoSuchPriority
    ),
)
async def draft_application(beginning: Beginning, desk: Applying) -> ApplicationView:
    """Draft what a consortium of yours asks for; nobody else sees it yet."""
    session, caller = desk.session, desk.caller
    lead = acting(caller)
    call = await calls.find(session, caller, beginning.call)
    if not open_at(call.status, call.opens_at, call.closes_at, now()):
        raise NotOpen
    consortium = await consortia.find(session, caller, beginning.consortium)
    if consortium.lead != lead:
        raise NotTheLead
    await plans.adopted(session, caller, beginning.priorities)
    amount = asked(beginning.amount, call.currency, call.ceiling)
    application = Application(
        **beginning.model_dump(exclude={"amount", "priorities"}),
        amount=amount,
        priorities=list(beginning.priorities),
        agency=call.agency,
        currency=call.currency,
        lead=lead,
        readers=[str(lead)],
        recorded_by=caller.subject,
    )
    session.add(application)
    await session.flush()
    await desk.tell("application:draft", application.id)
    return view(caller, application)


@router.put("/{key}", responses=refusing(*LEADING, NoSuchPriority))
async def change_draft(key: UUID, draft: Draft, desk: Applying) -> ApplicationView:
    """Write a draft anew. Whoever had signed, signed another text and signs again."""
    application = await held(desk, key)
    if application.status is not Status.DRAFT:
        raise ApplicationNotReady
    call = await calls.find(desk.session, desk.caller, application.call)
    await plans.adopted(desk.session, desk.caller, draft.priorities)
    amount = asked(draft.amount, call.currency, call.ceiling)
    application.sqlmodel_update(
        draft.model_dump() | {"amount": amount, "priorities": list(draft.priorities)}
    )
    await desk.tell("application:change", key)
    return view(desk.caller, application)


@router.post("/{key}/withdrawal", responses=refusing(*LEADING))
async def withdraw_application(key: UUID, desk: Applying) -> ApplicationView:
    """Withdraw an application that has not been awarded; that is its end."""
    application = await held(desk, key)
    if application.awarded_at is not None:
        raise ApplicationNotReady
    application.status = move(application.status, Status.WITHDRAWN)
    await desk.tell("application:withdraw", key)
    return view(desk.caller, application)


@router.get("")
async def list_applications(
    reader: Reader, listing: Annotated[Listing, Query()], session: Transaction
) -> Page[ApplicationView]:
    """List your applications, or those submitted to your calls, a page at a time."""
    found = await store.page(
        session, reader, listing.call, listing.after(), listing.fetched
    )
    return page_of(found, listing.limit, partial(view, reader))


@router.get("/{key}", responses=refusing(NotFound))
async def read_application(
    key: UUID, reader: Reader, session: Transaction
) -> ApplicationView:
    """Read an application: yours, or one submitted to a call of yours."""
    return view(reader, await store.find(session, reader, key))
