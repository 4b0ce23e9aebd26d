"""Undoing: what stood before a judgement is put in force again, as a new one."""

from uuid import UUID

from services.beneficiaries.linkage.rules import MATCHER, Verdict
from services.beneficiaries.reviews import rules, store
from services.beneficiaries.reviews.judging import in_force
from services.beneficiaries.reviews.models import Judgement, Review
from services.beneficiaries.reviews.rules import Reason
from services.beneficiaries.reviews.sitting import Outcome, Sitting
from services.kit.columns import now
from services.kit.ids import new_id


async def undo(sitting: Sitting, key: UUID, reason: Reason) -> Outcome:
    """Restore what a judgement superseded; the matcher's "unsure" waits again.

    To undo an undo is to judge again as was undone.
    """
    session, caller = sitting.session, sitting.caller
    standing = await in_force(sitting, key)
    if standing.supersedes is None:
        raise rules.NothingBefore
    before = await store.judgement(session, caller, standing.supersedes)
    made = _restored(before, stale=await store.stale(sitting.connection, before))
    waits = made.made_by == MATCHER and made.verdict is Verdict.UNSURE
    review = await store.opened(session, caller, made.low, made.high)
    if review is not None and review.disputed:  # before it would hide another case
        await _take_back(sitting, review, waits=waits)
    persons = await sitting.put_in_force(made, standing, undone=reason)
    if waits:
        await store.ask(sitting.connection, new_id(), made)
    return Outcome(
        made, await store.opened(session, caller, made.low, made.high), persons
    )


def _restored(before: Judgement, *, stale: bool) -> Judgement:
    kept = before.model_dump(exclude={"id", "superseded_at", "supersedes", "verdict"})
    verdict = rules.restored(before.verdict, before.made_by, stale=stale)
    return Judgement(**kept | {"restores": before.id}, verdict=verdict)


async def _take_back(sitting: Sitting, review: Review, *, waits: bool) -> None:
    """Forget the opinions that did not agree: what they led to is undone."""
    given = await store.opinions(sitting.session, sitting.caller, [review.id])
    for one in given:
        one.replaced_at = now()
    review.disputed = False
    if not waits:
        review.closed_at, review.closed_as = now(), "undone"
    await sitting.session.flush()
