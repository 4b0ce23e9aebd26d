"""Every query on assessments. Nothing is read without saying who reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications.models import Application
from services.grants.assessments.models import Assessment
from services.kit.callers import Caller
from services.kit.refusals import NotFound


async def add(session: AsyncSession, assessment: Assessment) -> bool:
    """Add an assessor unless he is there; tell whether he was added."""
    new = insert(Assessment).values(assessment.model_dump())
    added = new.on_conflict_do_nothing().returning(col(Assessment.id))
    return (await session.exec(added)).first() is not None


async def of(
    session: AsyncSession, caller: Caller, application: Application
) -> Sequence[Assessment]:
    """Give all assessments of an application's present round, of one's own agency."""
    mine = select(Assessment).where(
        Assessment.agency == caller.agency,
        Assessment.application == application.id,
        Assessment.round == application.round,
    )
    fresh = mine.execution_options(populate_existing=True)
    return (await session.exec(fresh.order_by(col(Assessment.id)))).all()


def own(caller: Caller, every: Sequence[Assessment]) -> Assessment:
    """Choose the caller's own among the assessments of an application."""
    for one in every:
        if one.assessor == caller.subject:
            return one
    raise NotFound


async def duties(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Assessment]:
    """Give what the caller itself was appointed to."""
    mine = select(Assessment).where(
        Assessment.agency == caller.agency, Assessment.assessor == caller.subject
    )
    if after is not None:
        mine = mine.where(Assessment.id > after)
    return (await session.exec(mine.order_by(col(Assessment.id)).limit(limit))).all()
