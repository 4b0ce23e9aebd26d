"""Plans: record, add priorities and consultations, adopt; read, list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.permissions import Grants
from services.grants.plans import store
from services.grants.plans.models import Consultation, Plan, Priority
from services.grants.plans.rules import (
    ConsultationContent,
    Content,
    Day,
    Kind,
    Language,
    NotReady,
    PriorityContent,
    Sector,
    Settled,
    Status,
    adopt,
    after_consultation,
    change,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/plans",
    tags=["plans"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Grants.RECORD_PLANS)]
Reader = Annotated[Caller, holding(Grants.READ_PLANS)]


class PlanView(View):
    """A plan; `adopted_on` is null until it is adopted."""

    id: UUID
    kind: Kind
    titles: dict[Language, str]
    municipalities: list[str]
    starts_on: date
    ends_on: date
    status: Status
    adopted_on: date | None
    recorded_at: datetime


class PriorityView(View):
    """What a plan puts first, in the languages in which it does."""

    id: UUID
    titles: dict[Language, str]
    sector: Sector


class ConsultationView(View):
    """A meeting that was held on a plan, and how many came."""

    id: UUID
    held_on: date
    municipality: str
    attended: int


class PlanInFull(PlanView):
    """A plan with what it puts first, and the meetings held on it."""

    priorities: list[PriorityView]
    consultations: list[ConsultationView]


class Adoption(Body):
    """The day on which the plan was adopted."""

    adopted_on: Day


@router.post("", response_model=PlanView, status_code=201)
async def record_plan(
    content: Content, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Record a plan, as a draft that only you see."""
    plan = Plan(
        **content.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    session.add(plan)
    await _recorded(session, request, "plan:record", recorder, plan.id)
    return plan


@router.get("")
async def list_plans(
    reader: Reader, page: Paged, session: Transaction
) -> Page[PlanView]:
    """List your own plans, and every other that is consulted on or adopted."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, PlanView.model_validate)


@router.get("/{key}", responses=refusing(NotFound))
async def read_plan(key: UUID, reader: Reader, session: Transaction) -> PlanInFull:
    """Read a plan with its priorities and consultations."""
    plan = await store.find(session, reader, key)
    priorities = await store.priorities(session, reader, key)
    consultations = await store.consultations(session, reader, key)
    return PlanInFull(
        **PlanView.model_validate(plan).model_dump(),
        priorities=[PriorityView.model_validate(one) for one in priorities],
        consultations=[ConsultationView.model_validate(one) for one in consultations],
    )


@router.post(
    "/{key}/priorities",
    response_model=PriorityView,
    status_code=201,
    responses=refusing(NotFound, Settled),
)
async def add_priority(
    key: UUID,
    content: PriorityContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Add a priority to a plan of yours that is not adopted yet."""
    plan = await store.hold(session, recorder, key)
    change(plan.status)
    priority = Priority(
        **content.model_dump(),
        plan=plan.id,
        agency=recorder.agency,
        recorded_by=recorder.subject,
    )
    session.add(priority)
    await _recorded(session, request, "priority:record", recorder, priority.id)
    return priority


@router.post(
    "/{key}/consultations",
    response_model=ConsultationView,
    status_code=201,
    responses=refusing(NotFound, Settled),
)
async def add_consultation(
    key: UUID,
    content: ConsultationContent,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Record a consultation on a plan of yours; from the first on, others see it."""
    plan = await store.hold(session, recorder, key)
    plan.status = after_consultation(plan.status)
    consultation = Consultation(
        **content.model_dump(),
        plan=plan.id,
        agency=recorder.agency,
        recorded_by=recorder.subject,
    )
    session.add(consultation)
    await _recorded(session, request, "consultation:record", recorder, consultation.id)
    return consultation


@router.post(
    "/{key}/adoption",
    response_model=PlanView,
    responses=refusing(NotFound, Settled, NotReady),
)
async def adopt_plan(
    key: UUID,
    adoption: Adoption,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> object:
    """Adopt a plan of yours that was consulted on; it does not change any more."""
    plan = await store.hold(session, recorder, key)
    priorities = await store.priorities(session, recorder, key)
    plan.status = adopt(plan.status, len(priorities))
    plan.adopted_on = adoption.adopted_on
    await _recorded(session, request, "plan:adopt", recorder, plan.id)
    return plan


async def _recorded(
    session: AsyncSession, request: UUID, act: str, caller: Caller, target: UUID
) -> None:
    await record(await driver(session), Entry(request, act, caller, target))
