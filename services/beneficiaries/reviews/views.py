"""What a reviewer sees of reviews, judgements and evidence; never another's opinion."""

from datetime import datetime
from uuid import UUID

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.links.actions import SharedFields
from services.beneficiaries.reviews.evidence import Side, totals
from services.beneficiaries.reviews.models import Judgement, Review
from services.beneficiaries.reviews.rules import Kind, Reason
from services.beneficiaries.reviews.sitting import Outcome
from services.beneficiaries.reviews.waterfall import Told
from services.kit.callers import Caller
from services.kit.http import View


class ReviewView(View):
    """A pair of registrations that a reviewer of yours is to judge.

    `opinion` is your own last word on it; nobody sees another's before it is closed.
    """

    id: UUID
    low: UUID
    high: UUID
    kind: Kind
    weight: float
    opened_at: datetime
    closed_at: datetime | None
    claimed_until: datetime | None
    claimed_by_you: bool
    second_opinion: bool
    disputed: bool
    opinion: Verdict | None


class Level(View):
    """What was compared, how far it agrees, and how much that weighs (bits)."""

    comparison: str
    label: str
    weight: float


class JudgementView(View):
    """`restores` is the judgement that an undo has put in force again by this one."""

    id: UUID
    low: UUID
    high: UUID
    verdict: Verdict
    made_by: str
    reason: Reason | None
    weight: float
    made_at: datetime
    supersedes: UUID | None
    restores: UUID | None
    evidence: list[Level]


class KeptView(View):
    """Your id of a registration's person, before and after; `kept` if it is one."""

    registration: UUID
    before: UUID
    after: UUID
    kept: bool


class OutcomeView(View):
    """What came of it: a judgement in force, and a review that is still open or again.

    Where two have to agree, the first one's word is kept and there is no judgement yet.
    """

    judgement: JudgementView | None
    review: UUID | None
    persons: list[KeptView]


class Step(Level):
    """A level, and the sum that is reached with it."""

    total: float


class SideView(View):
    """A registration; `fields` as far as its owner has agreed that you see them."""

    registration: UUID
    agency: str
    fields: SharedFields | None


class EvidenceView(View):
    """What was known before, the levels that fired, the vetoes that stand, both sides.

    From `reviewed_from` on a pair is shown to a reviewer; from `linked_from` on it is
    linked without one, unless a veto stands.
    """

    prior: float
    levels: list[Step]
    weight: float
    vetoes: list[str]
    reviewed_from: float
    linked_from: float
    sides: list[SideView]


def review_view(review: Review, reader: Caller, opinion: Verdict | None) -> ReviewView:
    return ReviewView(
        **review.model_dump(exclude={"kind"}),
        kind=Kind.told(review.kind),
        claimed_by_you=review.claimed_by == reader.subject,
        opinion=opinion,
    )


def judgement_view(judgement: Judgement) -> JudgementView:
    names = ("comparison", "label", "weight")
    levels = [dict(zip(names, level, strict=True)) for level in judgement.evidence]
    return JudgementView(
        **judgement.model_dump(exclude={"evidence"}),
        evidence=[Level.model_validate(level) for level in levels],
    )


def outcome_view(outcome: Outcome) -> OutcomeView:
    made, review = outcome.judgement, outcome.review
    return OutcomeView(
        judgement=None if made is None else judgement_view(made),
        review=None if review is None else review.id,
        persons=[KeptView.model_validate(one) for one in outcome.persons],
    )


def evidence_view(told: Told, sides: list[Side]) -> EvidenceView:
    reached = totals(told)
    levels = zip(told.levels, reached, strict=True)
    return EvidenceView(
        prior=told.prior,
        levels=[
            Step(comparison=name, label=label, weight=weight, total=total)
            for (name, label, weight), total in levels
        ],
        weight=reached[-1] if reached else told.prior,
        vetoes=list(told.vetoes),
        reviewed_from=told.cutoffs[0],
        linked_from=told.cutoffs[1],
        sides=[SideView.model_validate(side) for side in sides],
    )
