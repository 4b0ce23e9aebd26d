"""Assessments: appoint, declare conflicts, score; each unseen until all have scored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter

from services.grants.applications import store as applications
from services.grants.applications.deciding import Deciding, submitted
from services.grants.applications.models import Application
from services.grants.applications.rules import ApplicationNotReady, Status
from services.grants.applications.rules import move as move_application
from services.grants.assessments import store
from services.grants.assessments.models import Assessment
from services.grants.assessments.rules import (
    AlreadyAppointed,
    Appointment,
    AssessmentNotReady,
    Declaration,
    Scores,
    State,
    complete,
    mean,
    move,
    weighed,
)
from services.grants.calls import store as calls
from services.grants.calls.rules import Criterion
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.money import Percent
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["assessments"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
CRITERIA: TypeAdapter[list[Criterion]] = TypeAdapter(list[Criterion])

Assessor = Annotated[Caller, holding(Grants.SCORE_APPLICATIONS)]
Reader = Annotated[Caller, holding(Grants.READ_ASSESSMENTS)]


class AssessmentView(View):
    """An assessment; another's points and score are null until all have scored."""

    id: UUID
    application: UUID
    assessor: str
    state: State
    points: dict[str, int] | None
    weighed: Percent | None
    scored_at: datetime | None


def view(
    reader: Caller, every: Sequence[Assessment], needed: int
) -> list[AssessmentView]:
    told = complete([one.state for one in every], needed)
    hidden = {"points": None, "weighed": None, "scored_at": None}
    return [
        AssessmentView.model_validate(
            one.model_dump()
            | ({} if told or one.assessor == reader.subject else hidden)
        )
        for one in every
    ]


async def assessed(
    session: Transaction, caller: Caller, application: Application
) -> list[AssessmentView]:
    call = await calls.find(session, caller, application.call)
    every = await store.of(session, caller, application)
    return view(caller, every, call.assessors)


@router.post(
    "/applications/{key}/assessors",
    status_code=201,
    responses=refusing(NotFound, ApplicationNotReady, AlreadyAppointed),
)
async def appoint_assessor(
    key: UUID, appointment: Appointment, desk: Deciding
) -> list[AssessmentView]:
    """Appoint an assessor to an eligible application; at least two have to score."""
    application = await submitted(desk, key)
    if application.status is not Status.ELIGIBLE:
        raise ApplicationNotReady
    assessment = Assessment(
        agency=desk.caller.agency,
        application=key,
        round=application.round,
        assessor=appointment.assessor,
        recorded_by=desk.caller.subject,
    )
    if not await store.add(desk.session, assessment):
        raise AlreadyAppointed
    await desk.tell("assessor:appoint", key, assessment=str(assessment.id))
    return await assessed(desk.session, desk.caller, application)


@router.post(
    "/applications/{key}/declaration",
    responses=refusing(NotFound, ApplicationNotReady, AssessmentNotReady),
)
async def declare_conflict(
    key: UUID,
    declaration: Declaration,
    assessor: Assessor,
    request: RequestId,
    session: Transaction,
) -> list[AssessmentView]:
    """Declare, before you score, whether anything ties you to an applicant."""
    application = await under_assessment(session, assessor, key)
    every = await store.of(session, assessor, application)
    own = store.own(assessor, every)
    own.state = move(
        own.state, State.CONFLICTED if declaration.conflicted else State.FREE
    )
    await settle(session, assessor, application, every)
    details = {"conflicted": declaration.conflicted}
    entry = Entry(request, "assessment:declare", assessor, own.id, details)
    await record(await driver(session), entry)
    return await assessed(session, assessor, application)


@router.post(
    "/applications/{key}/score",
    responses=refusing(NotFound, ApplicationNotReady, AssessmentNotReady),
)
async def score_application(
    key: UUID,
    scores: Scores,
    assessor: Assessor,
    request: RequestId,
    session: Transaction,
) -> list[AssessmentView]:
    """Score an application, once and finally, having declared no conflict."""
    application = await under_assessment(session, assessor, key)
    call = await calls.find(session, assessor, application.call)
    every = await store.of(session, assessor, application)
    own = store.own(assessor, every)
    own.state = move(own.state, State.SCORED)
    own.weighed = weighed(scores.points, CRITERIA.validate_python(call.criteria))
    own.points, own.scored_at = dict(scores.points), now()
    await settle(session, assessor, application, every)
    entry = Entry(request, "assessment:score", assessor, own.id)
    await record(await driver(session), entry)
    return await assessed(session, assessor, application)


async def under_assessment(
    session: Transaction, assessor: Caller, key: UUID
) -> Application:
    """Take an eligible application, so that of two last scores one comes after."""
    application = await applications.find(session, assessor, key, hold=True)
    if application.status is not Status.ELIGIBLE:
        raise ApplicationNotReady
    return application


async def settle(
    session: Transaction,
    assessor: Caller,
    application: Application,
    every: Sequence[Assessment],
) -> None:
    """Write down the score of an application when the last assessor is done."""
    call = await calls.find(session, assessor, application.call)
    if complete([one.state for one in every], call.assessors):
        given = [one.weighed for one in every if one.weighed is not None]
        application.score = mean(given)
        application.status = move_application(application.status, Status.SCORED)
    await session.flush()


@router.get("/applications/{key}/assessments", responses=refusing(NotFound))
async def list_assessments(
    key: UUID, reader: Reader, session: Transaction
) -> list[AssessmentView]:
    """Read who assesses an application; the scores only when all have scored."""
    application = await applications.find(session, reader, key)
    return await assessed(session, reader, application)


@router.get("/assessments")
async def list_own_assessments(
    assessor: Assessor, page: Paged, session: Transaction
) -> Page[AssessmentView]:
    """List the applications that you were appointed to assess."""
    found = await store.duties(session, assessor, page.after(), page.fetched)
    return page_of(found, page.limit, AssessmentView.model_validate)
