"""The two ways to an agency's own rows, which every slice goes: one, or a page."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.tables import Own
from services.kit.callers import Caller
from services.kit.pages import PageQuery
from services.kit.refusals import NotFound

Row = TypeVar("Row", bound=Own)
PAGING = set(PageQuery.model_fields)


async def find(
    session: AsyncSession,
    caller: Caller,
    kind: type[Row],
    key: UUID,
    *,
    hold: bool = False,
) -> Row:
    """Find one of the caller's rows; held, nobody else changes it meanwhile."""
    mine = select(kind).where(kind.agency == caller.agency, kind.id == key)
    if hold:
        # What the session has read before it held the row may be stale.
        mine = mine.with_for_update().execution_options(populate_existing=True)
    if (row := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    return row


async def page(
    session: AsyncSession,
    caller: Caller,
    kind: type[Row],
    query: PageQuery,
    *conditions: ColumnElement[bool],
) -> Sequence[Row]:
    """Read a page of the caller's rows; what the query names beside, they equal."""
    wanted = query.model_dump(exclude=PAGING, exclude_none=True)
    mine = select(kind).where(kind.agency == caller.agency, *conditions)
    mine = mine.filter_by(**wanted)
    if (after := query.after()) is not None:
        mine = mine.where(kind.id > after)
    found = await session.exec(mine.order_by(col(kind.id)).limit(query.fetched))
    return found.all()
