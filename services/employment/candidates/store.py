"""Every query on candidates. Nothing is read without saying who reads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.employers.models import Employer
from services.employment.introductions.models import Introduction
from services.employment.placements.models import Placement
from services.employment.vacancies.models import Vacancy
from services.kit.callers import Caller
from services.kit.pages import PageQuery
from services.kit.refusals import NotFound

INTRODUCED = (
    select(func.max(col(Introduction.until)))
    .where(col(Introduction.placement) == Placement.id)
    .where(col(Introduction.withdrawn_at).is_(None))
    .where(col(Introduction.until) > func.now())
    .scalar_subquery()
    .label("introduced_until")
)
SEEN = (
    col(Placement.id),
    col(Placement.agency),
    col(Placement.vacancy),
    col(Vacancy.title),
    col(Placement.starts_on),
    col(Placement.ends_on),
    col(Placement.status),
    INTRODUCED,
)


def _of(caller: Caller) -> Select[*tuple[Any, ...]]:
    """Select what an employer sees of whom the agencies propose to it.

    Who acts for no organisation is no employer, and has no candidates.
    """
    organisation = cast(col(Employer.organisation), Text)
    return (
        select(*SEEN)
        .join(Vacancy, col(Vacancy.id) == Placement.vacancy)
        .join(Employer, col(Employer.id) == Vacancy.employer)
        .where(organisation == (caller.organisation or ""))
    )


async def page(
    session: AsyncSession, caller: Caller, query: PageQuery
) -> Sequence[Row[*tuple[Any, ...]]]:
    theirs = _of(caller)
    if (after := query.after()) is not None:
        theirs = theirs.where(col(Placement.id) > after)
    ordered = theirs.order_by(col(Placement.id)).limit(query.fetched)
    connection = await session.connection()
    return (await connection.execute(ordered)).all()


async def find(
    session: AsyncSession, caller: Caller, key: UUID
) -> Row[*tuple[Any, ...]]:
    theirs = _of(caller).where(col(Placement.id) == key)
    connection = await session.connection()
    if (found := (await connection.execute(theirs)).one_or_none()) is None:
        raise NotFound
    return found
