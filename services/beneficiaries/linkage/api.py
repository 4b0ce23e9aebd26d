"""Reviews and judgements, the rekeying of match keys, and the internal person key."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.beneficiaries.linkage import queue, rekeying, reviewing, store
from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.models import Judgement
from services.beneficiaries.linkage.rules import (
    AlreadyJudged,
    JudgedElsewhere,
    Reason,
    Verdict,
)
from services.beneficiaries.permissions import Beneficiaries
from services.kit.audit import Entry, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements, Transaction
from services.kit.http import Body, View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["linkage"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Reader = Annotated[Caller, holding(Beneficiaries.READ_REVIEWS)]
Reviewer = Annotated[Caller, holding(Beneficiaries.DECIDE_REVIEWS)]
Operator = Annotated[Caller, holding(Beneficiaries.REKEY_LINKAGE)]
Resolver = Annotated[Caller, holding(Beneficiaries.RESOLVE_PERSONS)]


async def matcher(request: Request) -> Matcher:
    found: Matcher = request.app.state.registrar.matcher
    return found


Matching = Annotated[Matcher, Depends(matcher)]


class ReviewView(View):
    """A pair of registrations that a reviewer of yours is to judge."""

    id: UUID
    low: UUID
    high: UUID
    kind: Literal["pair", "contradiction"]
    weight: float
    opened_at: datetime


class Level(View):
    """What was compared, how far it agrees, and how much that weighs (bits)."""

    comparison: str
    label: str
    weight: float


class JudgementView(View):
    id: UUID
    low: UUID
    high: UUID
    verdict: Verdict
    made_by: str
    reason: Reason | None
    weight: float
    made_at: datetime
    evidence: list[Level]


class JudgementBody(Body):
    """What a reviewer finds, and why; it can be revised, and nothing is forgotten."""

    verdict: Verdict
    reason: Reason


class RekeyView(View):
    """How many were moved to the newest scheme, the pairs found, how many left."""

    moved: int
    found: int
    left: int


class PersonView(View):
    person: UUID
    contested: bool


def view(judgement: Judgement) -> JudgementView:
    names = ("comparison", "label", "weight")
    levels = [dict(zip(names, level, strict=True)) for level in judgement.evidence]
    return JudgementView(
        **judgement.model_dump(exclude={"evidence"}),
        evidence=[Level.model_validate(level) for level in levels],
    )


@router.get("/reviews")
async def list_reviews(
    reader: Reader, page: Paged, session: Transaction
) -> Page[ReviewView]:
    """List the open reviews of your own pairs, or, at the desk, of those across."""
    found = await queue.reviews(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, ReviewView.model_validate)


@router.get("/reviews/{key}", response_model=ReviewView, responses=refusing(NotFound))
async def read_review(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one review."""
    return await queue.review(session, reader, key)


@router.post(
    "/reviews/{key}/judgement",
    status_code=201,
    responses=refusing(NotFound, AlreadyJudged, JudgedElsewhere),
)
async def record_judgement(
    key: UUID,
    body: JudgementBody,
    reviewer: Reviewer,
    request: RequestId,
    session: Transaction,
) -> JudgementView:
    """Judge a pair that waits for review."""
    review = await queue.review(session, reviewer, key)
    made = await reviewing.judge(
        session, reviewer, request, review, body.verdict, body.reason
    )
    return view(made)


@router.get("/judgements")
async def list_judgements(
    reader: Reader, page: Paged, session: Transaction
) -> Page[JudgementView]:
    """List the judgements in force on your own pairs, or, at the desk, across."""
    found = await queue.judgements(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, view)


@router.post(
    "/judgements/{key}/revision",
    status_code=201,
    responses=refusing(NotFound, AlreadyJudged),
)
async def revise_judgement(
    key: UUID,
    body: JudgementBody,
    reviewer: Reviewer,
    request: RequestId,
    session: Transaction,
) -> JudgementView:
    """Judge a pair anew, the matcher's or a reviewer's; the old judgement is kept."""
    judgement = await queue.judgement(session, reviewer, key)
    made = await reviewing.revise(
        session, reviewer, request, judgement, body.verdict, body.reason
    )
    return view(made)


@router.post("/linkage/rekey")
async def rekey(
    operator: Operator, request: RequestId, matching: Matching, connection: Statements
) -> RekeyView:
    """Move some registrations of your own to the newest scheme of match keys."""
    return RekeyView.model_validate(
        await rekeying.step(matching, connection, operator, request)
    )


@router.get(
    "/persons/of/{registration}", tags=["internal"], responses=refusing(NotFound)
)
async def resolve_person(
    registration: UUID, resolver: Resolver, request: RequestId, connection: Statements
) -> PersonView:
    """Tell another service the person key of one of the caller's registrations."""
    person, contested = await store.person(connection, resolver, registration)
    await record(connection, Entry(request, "person:resolve", resolver, registration))
    return PersonView(person=person, contested=contested)
