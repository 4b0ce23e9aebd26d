"""Enterprise support: activities and business plans."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.employment import rows
from services.employment.employers import store as employers
from services.employment.enterprise import store
from services.employment.enterprise.models import Activity, Plan
from services.employment.enterprise.rules import (
    ACTIVITY_NEXT,
    PLAN_NEXT,
    ActivityContent,
    ActivityState,
    Grant,
    Kind,
    NotTheNext,
    PlanContent,
    PlanState,
    move,
)
from services.employment.permissions import Employment
from services.employment.texts import ProgrammeCode
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.outbox import Event, publish
from services.kit.pages import Page, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["enterprise"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Recorder = Annotated[Caller, holding(Employment.RECORD_ENTERPRISE)]
Reader = Annotated[Caller, holding(Employment.READ_ENTERPRISE)]


class ActivityView(View):
    """What helps a business of yours along, from its start to its end."""

    id: UUID
    employer: UUID
    kind: Kind
    title: str
    starts_on: date
    ends_on: date | None
    grant: Grant | None
    programme: str | None
    state: ActivityState
    recorded_at: datetime


class PlanView(View):
    """A business plan, without its text: who wrote it, and how far it is."""

    id: UUID
    employer: UUID
    activity: UUID | None
    title: str
    written_on: date
    state: PlanState
    recorded_at: datetime


class ActivityQuery(PageQuery):
    """Which activities are wanted."""

    employer: UUID | None = None
    kind: Kind | None = None
    state: ActivityState | None = None
    programme: ProgrammeCode | None = None


class PlanQuery(PageQuery):
    """Which business plans are wanted."""

    employer: UUID | None = None
    activity: UUID | None = None
    state: PlanState | None = None


class ActivityStep(Body):
    """The state that an activity goes on to."""

    state: ActivityState


class PlanStep(Body):
    """The state that a business plan goes on to."""

    state: PlanState


@router.post(
    "/enterprise-activities",
    response_model=ActivityView,
    status_code=201,
    responses=refusing(NotFound),
)
async def record_activity(
    content: ActivityContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Plan support for one of your employers."""
    await employers.find(session, recorder, content.employer)
    activity = Activity(
        **content.columns(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(activity)
    entry = Entry(request, "activity:record", recorder, activity.id)
    await record(await driver(session), entry)
    return activity


@router.get("/enterprise-activities")
async def list_activities(
    reader: Reader, query: Annotated[ActivityQuery, Query()], session: Transaction
) -> Page[ActivityView]:
    """List your own enterprise activities, a page at a time."""
    found = await rows.page(session, reader, Activity, query)
    return page_of(found, query.limit, ActivityView.model_validate)


@router.get(
    "/enterprise-activities/{key}",
    response_model=ActivityView,
    responses=refusing(NotFound),
)
async def read_activity(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own enterprise activities."""
    return await store.activity(session, reader, key)


@router.post(
    "/enterprise-activities/{key}/steps",
    response_model=ActivityView,
    responses=refusing(NotFound, NotTheNext),
)
async def step_activity(
    key: UUID,
    step: ActivityStep,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Bring an enterprise activity on."""
    activity = await store.activity(session, recorder, key, hold=True)
    activity.state = move(ACTIVITY_NEXT, activity.state, step.state)
    details = {"state": step.state}
    entry = Entry(request, "activity:step", recorder, activity.id, details)
    connection = await driver(session)
    await record(connection, entry)
    await publish(connection, Event("activity.stepped", activity.id, data=details))
    return activity


@router.post(
    "/business-plans",
    response_model=PlanView,
    status_code=201,
    responses=refusing(NotFound),
)
async def record_plan(
    content: PlanContent, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record a business plan of one of your employers, as a draft."""
    await employers.find(session, recorder, content.employer)
    if content.activity is not None:
        await store.activity(session, recorder, content.activity)
    plan = Plan(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(plan)
    entry = Entry(request, "plan:record", recorder, plan.id)
    await record(await driver(session), entry)
    return plan


@router.get("/business-plans")
async def list_plans(
    reader: Reader, query: Annotated[PlanQuery, Query()], session: Transaction
) -> Page[PlanView]:
    """List your own employers' business plans, a page at a time."""
    found = await rows.page(session, reader, Plan, query)
    return page_of(found, query.limit, PlanView.model_validate)


@router.get(
    "/business-plans/{key}", response_model=PlanView, responses=refusing(NotFound)
)
async def read_plan(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of your own employers' business plans."""
    return await store.plan(session, reader, key)


@router.post(
    "/business-plans/{key}/steps",
    response_model=PlanView,
    responses=refusing(NotFound, NotTheNext),
)
async def step_plan(
    key: UUID,
    step: PlanStep,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Bring a business plan on: submitted, returned, approved."""
    plan = await store.plan(session, recorder, key, hold=True)
    plan.state = move(PLAN_NEXT, plan.state, step.state)
    details = {"state": step.state}
    entry = Entry(request, "plan:step", recorder, plan.id, details)
    await record(await driver(session), entry)
    return plan
