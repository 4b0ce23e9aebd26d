"""Calls: write, publish, close, read, list. The decision is where applications are."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.grants.calls import store
from services.grants.calls.composition import Rule
from services.grants.calls.models import Call
from services.grants.calls.rules import (
    CallNotReady,
    Content,
    Criterion,
    Status,
    move,
    on_the_clock,
)
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.money import Amount, payable
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/calls",
    tags=["calls"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Grants.RECORD_CALLS)]
Reader = Annotated[Caller, holding(Grants.READ_CALLS)]


class Moment(View):
    """One moment twice: in UTC, and on the clocks of the call's time zone."""

    utc: datetime
    local: datetime


class CallView(View):
    """A call; its rules say who may apply together, and name no community."""

    id: UUID
    agency: str
    status: Status
    title: str
    description: str | None
    currency: str
    ceiling: Amount
    budget: Amount
    opens_at: Moment
    closes_at: Moment
    closed_at: datetime | None
    time_zone: str
    rules: list[Rule]
    criteria: list[Criterion]
    assessors: int
    attempts: int


def view(call: Call) -> CallView:
    moments = {
        name: Moment(utc=moment, local=on_the_clock(moment, call.time_zone))
        for name, moment in (("opens_at", call.opens_at), ("closes_at", call.closes_at))
    }
    money = {
        name: payable(amount, call.currency)
        for name, amount in (("ceiling", call.ceiling), ("budget", call.budget))
    }
    return CallView.model_validate(call.model_dump() | moments | money)


@router.post("", status_code=201)
async def record_call(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> CallView:
    """Write a call; nobody else sees it before it is published."""
    call = Call(
        **store.columns(content), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(call)
    await session.flush()
    await record(
        await driver(session), Entry(request, "call:record", recorder, call.id)
    )
    return view(call)


@router.put("/{key}", responses=refusing(NotFound, CallNotReady))
async def change_call(
    key: UUID,
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> CallView:
    """Write a draft anew; what has been published stays as it is."""
    call = await store.held(session, recorder, key)
    if call.status is not Status.DRAFT:
        raise CallNotReady
    call.sqlmodel_update(store.columns(content))
    await record(await driver(session), Entry(request, "call:change", recorder, key))
    return view(call)


@router.post("/{key}/publication", responses=refusing(NotFound, CallNotReady))
async def publish_call(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> CallView:
    """Publish a call: from now on all may read it, and nobody can change it."""
    call = await store.held(session, recorder, key)
    call.status = move(call.status, Status.PUBLISHED)
    await record(await driver(session), Entry(request, "call:publish", recorder, key))
    return view(call)


@router.post("/{key}/closing", responses=refusing(NotFound, CallNotReady))
async def close_call(
    key: UUID, recorder: Recorder, request: RequestId, session: Transaction
) -> CallView:
    """Close a call, so that it can be ranked; before its deadline, all see that too."""
    await store.queue(session, recorder, key)
    call = await store.held(session, recorder, key)
    call.status, call.closed_at = move(call.status, Status.CLOSED), now()
    await record(await driver(session), Entry(request, "call:close", recorder, key))
    return view(call)


@router.get("")
async def list_calls(
    reader: Reader, page: Paged, session: Transaction
) -> Page[CallView]:
    """List your own calls and all that have been published, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, view)


@router.get("/{key}", responses=refusing(NotFound))
async def read_call(key: UUID, reader: Reader, session: Transaction) -> CallView:
    """Read a call: your own, or one that has been published."""
    return view(await store.find(session, reader, key))
