"""Every query on calls. Nothing is read without saying who reads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.calls.models import Call
from services.grants.calls.rules import Content, Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound


def visible(caller: Caller) -> ColumnElement[bool]:
    """Say which calls somebody reads: his own, and all that have been published."""
    return or_(col(Call.agency) == caller.agency, col(Call.status) != Status.DRAFT)


def columns(content: Content) -> dict[str, Any]:
    """Lay a call's content out as its row keeps it: moments instead of clocks."""
    kept = content.model_dump(exclude={"rules", "criteria"})
    return kept | {
        "opens_at": content.opening(),
        "closes_at": content.deadline(),
        "rules": [rule.model_dump(mode="json") for rule in content.rules],
        "criteria": [one.model_dump(mode="json") for one in content.criteria],
    }


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Call:
    found = await session.exec(select(Call).where(Call.id == key, visible(caller)))
    if (call := found.one_or_none()) is None:
        raise NotFound
    return call


async def held(session: AsyncSession, caller: Caller, key: UUID) -> Call:
    """Find a call of the caller's own, and hold it until the transaction ends."""
    mine = select(Call).where(Call.agency == caller.agency, Call.id == key)
    found = await session.exec(mine.with_for_update())
    if (call := found.one_or_none()) is None:
        raise NotFound
    return call


async def queue(session: AsyncSession, _: Caller, key: UUID) -> None:
    """Wait for whoever else is deciding in this call; before any row is held.

    An advisory lock, since an applicant may read a call and hold none of its rows.
    """
    place = func.hashtextextended(f"call:{key}", 0)
    await session.exec(select(func.pg_advisory_xact_lock(place)))


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Call]:
    found = select(Call).where(visible(caller))
    if after is not None:
        found = found.where(Call.id > after)
    return (await session.exec(found.order_by(col(Call.id)).limit(limit))).all()
