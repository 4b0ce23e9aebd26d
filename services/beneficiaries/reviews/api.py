"""Reviews: the queue, claims, evidence, judgements, second opinions, undoing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.reviews import (
    claims,
    evidence,
    judging,
    store,
    undoing,
    views,
)
from services.beneficiaries.reviews.queue import Judged, Queued
from services.beneficiaries.reviews.rules import (
    AlreadyJudged,
    ClaimedByAnother,
    JudgedElsewhere,
    NothingBefore,
    NotInForce,
    Reason,
)
from services.beneficiaries.reviews.sitting import Sitting
from services.beneficiaries.reviews.waterfall import waterfall
from services.beneficiaries.reviews.words import spoken
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import Body, refusing
from services.kit.pages import Page, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["reviews"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Reader = Annotated[Caller, holding(Beneficiaries.READ_REVIEWS)]
Reviewer = Annotated[Caller, holding(Beneficiaries.DECIDE_REVIEWS)]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"image/svg+xml": {"schema": {"type": "string"}}},
        "description": "The picture",
    }
}


async def reading(
    request: Request, reader: Reader, asked: RequestId, session: Transaction
) -> Sitting:
    master = request.app.state.registrar.master
    return await Sitting.of(session, reader, asked, master)


async def deciding(
    request: Request, reviewer: Reviewer, asked: RequestId, session: Transaction
) -> Sitting:
    master = request.app.state.registrar.master
    return await Sitting.of(session, reviewer, asked, master)


Reading = Annotated[Sitting, Depends(reading)]
Deciding = Annotated[Sitting, Depends(deciding)]


class JudgementBody(Body):
    """What a reviewer finds, and why; it can be revised, and nothing is forgotten."""

    verdict: Verdict
    reason: Reason


class UndoBody(Body):
    """Why what was judged is taken back."""

    reason: Reason


@router.get("/reviews")
async def list_reviews(page: Queued, sitting: Reading) -> Page[views.ReviewView]:
    """List the open reviews of your own pairs, or, at the desk, of those across."""
    session, caller = sitting.session, sitting.caller
    found = await store.reviews(
        session, caller, page.order, page.claimed, page.mark(), page.fetched, now()
    )
    shown = found[: page.limit]
    words = await store.own_words(session, caller, [one.id for one in shown])
    items = [views.review_view(one, caller, words.get(one.id)) for one in shown]
    return Page(items=items, next=page.following(found))


@router.get("/reviews/{key}", responses=refusing(NotFound))
async def read_review(key: UUID, sitting: Reading) -> views.ReviewView:
    """Read one review."""
    review = await store.review(sitting.session, sitting.caller, key)
    words = await store.own_words(sitting.session, sitting.caller, [key])
    return views.review_view(review, sitting.caller, words.get(key))


@router.post(
    "/reviews/{key}/claim",
    responses=refusing(NotFound, AlreadyJudged, ClaimedByAnother),
)
async def claim_review(key: UUID, sitting: Deciding) -> views.ReviewView:
    """Take a review for half an hour, or half an hour more: nobody else judges it."""
    review = await claims.claim(sitting, key)
    words = await store.own_words(sitting.session, sitting.caller, [key])
    return views.review_view(review, sitting.caller, words.get(key))


@router.delete("/reviews/{key}/claim", status_code=204, responses=refusing(NotFound))
async def release_review(key: UUID, sitting: Deciding) -> None:
    """Give a review back to the queue."""
    await claims.release(sitting, key)


@router.get("/reviews/{key}/evidence", responses=refusing(NotFound, JudgedElsewhere))
async def read_evidence(
    key: UUID, sitting: Reading, request: Request
) -> views.EvidenceView:
    """Read what speaks for and against a pair, and see both registrations side by side.

    At the desk a registration's fields are those that its agency's agreement with the
    desk lists, for the purpose of linkage; without one, only the levels are shown.
    """
    review = await store.review(sitting.session, sitting.caller, key)
    told = await evidence.told(sitting, review)
    sides = await evidence.sides(sitting, review, request.app.state.keyring)
    return views.evidence_view(told, sides)


@router.get(
    "/reviews/{key}/waterfall",
    response_class=Response,
    responses=PICTURE | refusing(NotFound, JudgedElsewhere),
)
async def draw_evidence(
    key: UUID,
    sitting: Reading,
    accept_language: Annotated[str | None, Header()] = None,
) -> Response:
    """Draw how the weight of a pair adds up, in Albanian, Serbian or English."""
    review = await store.review(sitting.session, sitting.caller, key)
    told = await evidence.told(sitting, review)
    picture = waterfall(told, spoken(accept_language))
    return Response(picture, media_type="image/svg+xml")


@router.post(
    "/reviews/{key}/judgement",
    status_code=201,
    responses=refusing(NotFound, AlreadyJudged, JudgedElsewhere, ClaimedByAnother),
)
async def record_judgement(
    key: UUID, body: JudgementBody, sitting: Deciding
) -> views.OutcomeView:
    """Judge a pair that waits for review."""
    made = await judging.judge(sitting, key, body.verdict, body.reason)
    return views.outcome_view(made)


@router.post(
    "/reviews/{key}/second-opinion", responses=refusing(NotFound, AlreadyJudged)
)
async def ask_second_opinion(key: UUID, sitting: Deciding) -> views.ReviewView:
    """Let two reviewers agree before this review closes."""
    review = await claims.ask_second_opinion(sitting, key)
    words = await store.own_words(sitting.session, sitting.caller, [key])
    return views.review_view(review, sitting.caller, words.get(key))


@router.get("/judgements")
async def list_judgements(page: Judged, sitting: Reading) -> Page[views.JudgementView]:
    """List the judgements in force on your own pairs, or, at the desk, across.

    At the desk, `verdict=same` lists the links between agencies. With `registration`,
    from either end of a contradiction you find the judgements that lead to the other.
    """
    found = await store.judgements(sitting.session, sitting.caller, page)
    return page_of(found, page.limit, views.judgement_view)


@router.post(
    "/judgements/{key}/revision",
    status_code=201,
    responses=refusing(NotFound, NotInForce, JudgedElsewhere, ClaimedByAnother),
)
async def revise_judgement(
    key: UUID, body: JudgementBody, sitting: Deciding
) -> views.OutcomeView:
    """Judge a pair anew, the matcher's or a reviewer's; the old judgement is kept."""
    made = await judging.revise(sitting, key, body.verdict, body.reason)
    return views.outcome_view(made)


@router.post(
    "/judgements/{key}/undo",
    status_code=201,
    responses=refusing(NotFound, NotInForce, NothingBefore),
)
async def undo_judgement(
    key: UUID, body: UndoBody, sitting: Deciding
) -> views.OutcomeView:
    """Take a judgement back: what it superseded is in force again."""
    return views.outcome_view(await undoing.undo(sitting, key, body.reason))
