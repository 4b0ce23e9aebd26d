"""Judging: a review closes with an opinion, or waits until two agree."""

from collections.abc import Mapping
from uuid import UUID

from services.beneficiaries.linkage import vetoes
from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.reviews import rules, store
from services.beneficiaries.reviews.claims import hold, refuse_unless_free
from services.beneficiaries.reviews.models import Judgement, Opinion, Review
from services.beneficiaries.reviews.rules import Kind, Reason, State
from services.beneficiaries.reviews.sitting import Outcome, Sitting
from services.kit.columns import now

Evidence = list[list[object]]


async def judge(
    sitting: Sitting, key: UUID, verdict: Verdict, reason: Reason
) -> Outcome:
    """Give an opinion on a pair that waits for review."""
    about = await store.review(sitting.session, sitting.caller, key)
    await sitting.lock(about.low, about.high)
    return await _opine(sitting, await hold(sitting, key), verdict, reason)


async def revise(
    sitting: Sitting, key: UUID, verdict: Verdict, reason: Reason
) -> Outcome:
    """Judge a pair anew; where two must agree, a review waits for the second one."""
    standing = await in_force(sitting, key)
    ends = standing.low, standing.high
    review = await store.opened(sitting.session, sitting.caller, *ends)
    against = standing_vetoes(standing.evidence)
    if review is None and rules.needed([verdict], against, asked=False) > 1:
        review = _review_of(standing)
        sitting.session.add(review)
        await sitting.session.flush()
    if review is not None:
        refuse_unless_free(sitting, review)
        return await _opine(sitting, review, verdict, reason)
    made = _judgement(sitting, standing, verdict, reason)
    return Outcome(made, None, await sitting.put_in_force(made, standing))


async def in_force(sitting: Sitting, key: UUID) -> Judgement:
    """Hold a judgement that nothing has superseded."""
    about = await store.judgement(sitting.session, sitting.caller, key)
    await sitting.lock(about.low, about.high)
    standing = await store.judgement(sitting.session, sitting.caller, key, hold=True)
    if standing.superseded_at is not None:
        raise rules.NotInForce
    return standing


def standing_vetoes(evidence: Evidence) -> tuple[str, ...]:
    """Name the vetoes on a pair, by the levels that fired."""
    return vetoes.standing({str(name): str(label) for name, label, _ in evidence})


async def shown(sitting: Sitting, review: Review) -> tuple[Judgement | None, Judgement]:
    """Give what is in force on a pair, and what its reviewer is shown of it.

    The second is what was found last: after a correction it may be more.
    """
    ends = review.low, review.high
    standing = await store.in_force(sitting.session, sitting.caller, *ends)
    if review.evidence is not None:
        found = review.model_dump(include={"low", "high", "weight", "evidence"})
        return standing, Judgement(**found)
    if standing is None:
        raise rules.JudgedElsewhere
    return standing, standing


async def _opine(
    sitting: Sitting, review: Review, verdict: Verdict, reason: Reason
) -> Outcome:
    standing, found = await shown(sitting, review)
    words = await _words(sitting, review, verdict, reason)
    against, asked = standing_vetoes(found.evidence), review.second_opinion
    state, agreed = rules.settle(words, against, asked=asked)
    review.disputed, known = state is State.DISPUTED, review.disputed
    review.claimed_by = review.claimed_until = None
    if state is State.SETTLED:
        review.closed_at, review.closed_as = now(), agreed
    await sitting.session.flush()
    waiting = None if state is State.SETTLED else review
    apart = standing is not None and standing.verdict is Verdict.DIFFERENT
    if agreed is None or (review.disputed and (known or apart)):
        await sitting.record("review:opine", review.id, verdict=verdict)
        return Outcome(None, waiting)
    made = _judgement(sitting, found, agreed, reason)
    persons = await sitting.put_in_force(made, standing, review=str(review.id))
    return Outcome(made, waiting, persons)


async def _words(
    sitting: Sitting, review: Review, verdict: Verdict, reason: Reason
) -> Mapping[str, Verdict]:
    """Add an opinion in the place of the same one's former; give everybody's last."""
    session, subject = sitting.session, sitting.caller.subject
    given = await store.opinions(session, sitting.caller, [review.id])
    for former in given:
        if former.given_by == subject:
            former.replaced_at = now()
    await session.flush()
    session.add(
        Opinion(
            review=review.id,
            audience=review.audience,
            verdict=verdict,
            reason=reason,
            given_by=subject,
        )
    )
    await session.flush()
    return {one.given_by: one.verdict for one in given} | {subject: verdict}


def _judgement(
    sitting: Sitting, found: Judgement, verdict: Verdict, reason: Reason
) -> Judgement:
    return Judgement(
        low=found.low,
        high=found.high,
        audience=sitting.caller.agency,
        verdict=verdict,
        made_by=sitting.caller.subject,
        reason=reason,
        weight=found.weight,
        evidence=found.evidence,
    )


def _review_of(standing: Judgement) -> Review:
    about = standing.model_dump(include={"low", "high", "audience", "weight"})
    return Review(**about, kind=Kind.PAIR)
