"""Claims: who is at a review keeps others off it; and two may have to agree."""

from uuid import UUID

from services.beneficiaries.reviews import rules, store
from services.beneficiaries.reviews.models import Review
from services.beneficiaries.reviews.sitting import Sitting
from services.kit.columns import now


async def claim(sitting: Sitting, key: UUID) -> Review:
    """Take a review for some time; it comes free again by itself."""
    review = await hold(sitting, key)
    review.claimed_by = sitting.caller.subject
    review.claimed_until = now() + rules.LEASE
    await sitting.record("review:claim", review.id)
    return review


async def release(sitting: Sitting, key: UUID) -> None:
    """Give a claim back; whoever has none gives back nothing."""
    review = await store.review(sitting.session, sitting.caller, key, hold=True)
    if review.claimed_by == sitting.caller.subject:
        review.claimed_by = review.claimed_until = None
    await sitting.record("review:release", review.id)


async def ask_second_opinion(sitting: Sitting, key: UUID) -> Review:
    """Let two agree before a review closes, whoever has claimed it."""
    review = await store.review(sitting.session, sitting.caller, key, hold=True)
    if review.closed_at is not None:
        raise rules.AlreadyJudged
    review.second_opinion = True
    await sitting.record("review:second-opinion", review.id)
    return review


async def hold(sitting: Sitting, key: UUID) -> Review:
    """Hold an open review that nobody else has claimed."""
    review = await store.review(sitting.session, sitting.caller, key, hold=True)
    if review.closed_at is not None:
        raise rules.AlreadyJudged
    refuse_unless_free(sitting, review)
    return review


def refuse_unless_free(sitting: Sitting, review: Review) -> None:
    claimed = review.claimed_by, review.claimed_until
    if not rules.free(*claimed, sitting.caller.subject, now()):
        raise rules.ClaimedByAnother
