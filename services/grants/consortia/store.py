"""Every query on consortia. Nothing is read without saying who reads.

A row's readers are its filter, here and in the database: tenants and organisations.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.consortia.models import Consortium, Event, Member, Terms
from services.grants.consortia.rules import State
from services.grants.organisations.models import Organisation
from services.grants.parties import names
from services.kit.callers import Caller
from services.kit.refusals import Invalid, NotFound


def read_by(caller: Caller, of: type[Consortium | Terms]) -> ColumnElement[bool]:
    return col(of.readers).op("&&")(names(caller))


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Consortium:
    mine = select(Consortium).where(read_by(caller, Consortium), Consortium.id == key)
    if (consortium := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    return consortium


async def held(session: AsyncSession, caller: Caller, key: UUID) -> Consortium:
    """Find a consortium, and hold it: nobody else changes who takes part meanwhile."""
    mine = select(Consortium).where(read_by(caller, Consortium), Consortium.id == key)
    held = mine.with_for_update().execution_options(populate_existing=True)
    if (consortium := (await session.exec(held)).one_or_none()) is None:
        raise NotFound
    return consortium


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Consortium]:
    mine = select(Consortium).where(read_by(caller, Consortium))
    if after is not None:
        mine = mine.where(Consortium.id > after)
    return (await session.exec(mine.order_by(col(Consortium.id)).limit(limit))).all()


async def every_terms(
    session: AsyncSession, caller: Caller, consortium: UUID
) -> Sequence[Terms]:
    """Give the terms that the caller was asked to, the first ones first."""
    mine = select(Terms).where(read_by(caller, Terms), Terms.consortium == consortium)
    return (await session.exec(mine.order_by(col(Terms.number)))).all()


async def terms_of(
    session: AsyncSession, caller: Caller, consortium: UUID, key: UUID
) -> Terms:
    """Find terms as they stand now, whatever this transaction read of them before."""
    mine = select(Terms).where(read_by(caller, Terms), Terms.consortium == consortium)
    mine = mine.where(Terms.id == key)
    fresh = mine.execution_options(populate_existing=True)
    if (found := (await session.exec(fresh)).one_or_none()) is None:
        raise NotFound
    return found


async def latest(
    session: AsyncSession, caller: Caller, consortium: UUID, state: State
) -> Terms | None:
    """Give the newest terms that stand so."""
    mine = select(Terms).where(read_by(caller, Terms), Terms.consortium == consortium)
    newest = mine.where(Terms.state == state).order_by(col(Terms.number).desc())
    return (await session.exec(newest.limit(1))).one_or_none()


async def members(
    session: AsyncSession, _: Caller, of: Collection[UUID]
) -> Sequence[Member]:
    """Give who takes part in terms; the database shows them with their terms."""
    found = select(Member).where(col(Member.terms).in_(of))
    ordered = found.order_by(col(Member.terms), col(Member.organisation))
    fresh = ordered.execution_options(populate_existing=True)
    return (await session.exec(fresh)).all()


async def history(
    session: AsyncSession, _: Caller, consortium: UUID, after: UUID | None, limit: int
) -> Sequence[Event]:
    """Give what has happened, as far as it is about terms that the caller sees."""
    found = select(Event).where(Event.consortium == consortium)
    if after is not None:
        found = found.where(Event.id > after)
    return (await session.exec(found.order_by(col(Event.id)).limit(limit))).all()


async def lasting(
    session: AsyncSession, _: Caller, organisations: Collection[UUID]
) -> None:
    """Refuse organisations that nobody has recorded, or only as somebody's second."""
    found = select(Organisation.id).where(
        col(Organisation.id).in_(organisations), col(Organisation.same_as).is_(None)
    )
    known = set((await session.exec(found)).all())
    wrong = [place for place, one in enumerate(organisations) if one not in known]
    if wrong:
        reason = "There is no such organisation, or it is recorded under another id."
        raise Invalid(
            *(
                {"pointer": f"/body/members/{place}", "reason": reason}
                for place in wrong
            )
        )
