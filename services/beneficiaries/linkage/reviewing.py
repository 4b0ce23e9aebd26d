"""What a reviewer does: judge, close, revise; and the persons follow."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.linkage import queue
from services.beneficiaries.linkage.actions import regroup
from services.beneficiaries.linkage.models import Judgement, Review
from services.beneficiaries.linkage.rules import (
    AlreadyJudged,
    JudgedElsewhere,
    Reason,
    Verdict,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller


async def judge(  # noqa: PLR0913 -- who judges what, how, and why
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    review: Review,
    verdict: Verdict,
    reason: Reason,
) -> Judgement:
    """Close a review with a judgement; "unsure" closes it too, and is remembered."""
    if review.closed_at is not None:
        raise AlreadyJudged
    standing = await queue.in_force(session, caller, review.low, review.high)
    if standing is None:
        raise JudgedElsewhere
    review.closed_at, review.closed_as = datetime.now(UTC), verdict
    session.add(review)
    return await revise(session, caller, request, standing, verdict, reason)


async def revise(  # noqa: PLR0913 -- who judges what, how, and why
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    standing: Judgement,
    verdict: Verdict,
    reason: Reason,
) -> Judgement:
    """Put a judgement in the place of the one in force, and regroup the persons."""
    if standing.superseded_at is not None:
        raise AlreadyJudged
    standing.superseded_at = datetime.now(UTC)
    session.add(standing)
    await session.flush()
    made = Judgement(
        low=standing.low,
        high=standing.high,
        audience=caller.agency,
        verdict=verdict,
        made_by=caller.subject,
        reason=reason,
        weight=standing.weight,
        evidence=standing.evidence,
        made_at=datetime.now(UTC),
    )
    session.add(made)
    await session.flush()
    connection = await driver(session)
    await regroup(connection, [made.low, made.high])
    about = {"verdict": str(verdict), "supersedes": str(standing.id)}
    await record(connection, Entry(request, "judgement:record", caller, made.id, about))
    return made
