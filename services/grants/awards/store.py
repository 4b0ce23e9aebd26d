"""Every query on awards. Nothing is read without saying who reads.

An award is read by whoever reads its application; its agency alone decides on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications.models import Application
from services.grants.applications.store import read_by
from services.grants.awards.models import Amendment, Award, Tranche
from services.grants.awards.rules import AmendmentStatus, Status
from services.kit.callers import Caller
from services.kit.refusals import NotFound


def seen(caller: Caller) -> ColumnElement[bool]:
    return col(Award.application).in_(select(Application.id).where(read_by(caller)))


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Award:
    found = await session.exec(select(Award).where(seen(caller), Award.id == key))
    if (award := found.one_or_none()) is None:
        raise NotFound
    return award


async def held(session: AsyncSession, caller: Caller, key: UUID) -> Award:
    """Hold an award of the caller's own until the transaction ends, as it is now."""
    mine = select(Award).where(Award.agency == caller.agency, Award.id == key)
    fresh = mine.with_for_update().execution_options(populate_existing=True)
    if (award := (await session.exec(fresh)).one_or_none()) is None:
        raise NotFound
    return award


async def page(  # noqa: PLR0913 -- the list's filters
    session: AsyncSession,
    caller: Caller,
    after: UUID | None,
    limit: int,
    *,
    call: UUID | None = None,
    status: Status | None = None,
) -> Sequence[Award]:
    found = select(Award).where(seen(caller))
    if call is not None:
        found = found.where(Award.call == call)
    if status is not None:
        found = found.where(Award.status == status)
    if after is not None:
        found = found.where(Award.id > after)
    return (await session.exec(found.order_by(col(Award.id)).limit(limit))).all()


async def tranches(
    session: AsyncSession, _: Caller, awards: Iterable[UUID]
) -> Mapping[UUID, Sequence[Tranche]]:
    """Give the tranches of awards that have been found, in their order."""
    rows = select(Tranche).where(col(Tranche.award).in_(awards))
    fresh = rows.order_by(col(Tranche.number)).execution_options(populate_existing=True)
    found: dict[UUID, list[Tranche]] = {}
    for one in await session.exec(fresh):
        found.setdefault(one.award, []).append(one)
    return found


async def tranche(session: AsyncSession, caller: Caller, key: UUID) -> Tranche:
    """Find a tranche of the caller's own; hold its award before you change it."""
    mine = select(Tranche).where(Tranche.agency == caller.agency, Tranche.id == key)
    fresh = mine.execution_options(populate_existing=True)
    if (found := (await session.exec(fresh)).one_or_none()) is None:
        raise NotFound
    return found


async def amendments(
    session: AsyncSession, _: Caller, award: UUID
) -> Sequence[Amendment]:
    """Give the history of an award that has been found."""
    rows = select(Amendment).where(Amendment.award == award)
    return (await session.exec(rows.order_by(col(Amendment.number)))).all()


async def amendment(session: AsyncSession, caller: Caller, key: UUID) -> Amendment:
    """Find an amendment of an award that the caller sees, and hold it."""
    awards = select(Award.id).where(seen(caller))
    rows = select(Amendment).where(
        Amendment.id == key, col(Amendment.award).in_(awards)
    )
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    if (found := (await session.exec(fresh)).one_or_none()) is None:
        raise NotFound
    return found


async def deciders(session: AsyncSession, caller: Caller, award: Award) -> set[str]:
    """Name who has decided on an award's money: its grant and its amendments."""
    history = await amendments(session, caller, award.id)
    enacted = [one for one in history if one.status is AmendmentStatus.IN_FORCE]
    return {award.decided_by, *(one.decided_by or "" for one in enacted)}
