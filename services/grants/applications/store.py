"""Every query on applications. Nothing is read without saying who reads."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications.models import (
    Application,
    Attempt,
    Document,
    Signature,
)
from services.grants.applications.rules import Status
from services.grants.calls.composition import Obstacle
from services.grants.parties import names
from services.kit.callers import Caller
from services.kit.refusals import NotFound


def read_by(caller: Caller) -> ColumnElement[bool]:
    """Say which applications somebody reads: those among whose readers he is."""
    return col(Application.readers).op("&&")(names(caller))


async def find(
    session: AsyncSession, caller: Caller, key: UUID, *, hold: bool = False
) -> Application:
    """Find an application; held, it is as it is now, and nobody else changes it."""
    mine = select(Application).where(read_by(caller), Application.id == key)
    if hold:
        mine = mine.with_for_update().execution_options(populate_existing=True)
    if (application := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    return application


async def page(
    session: AsyncSession,
    caller: Caller,
    call: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Application]:
    mine = select(Application).where(read_by(caller))
    if call is not None:
        mine = mine.where(Application.call == call)
    if after is not None:
        mine = mine.where(Application.id > after)
    return (await session.exec(mine.order_by(col(Application.id)).limit(limit))).all()


async def of_consortium(
    session: AsyncSession, caller: Caller, consortium: UUID
) -> Sequence[Application]:
    """Hold a consortium's applications, always in one order, and give them."""
    mine = select(Application).where(
        read_by(caller), Application.consortium == consortium
    )
    held = mine.order_by(col(Application.id)).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    return (await session.exec(fresh)).all()


async def of_call(
    session: AsyncSession, caller: Caller, call: UUID
) -> Sequence[Application]:
    """Hold what was submitted to a call of the caller's own, in one order."""
    mine = select(Application).where(
        read_by(caller), Application.agency == caller.agency, Application.call == call
    )
    held = mine.order_by(col(Application.id)).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    return (await session.exec(fresh)).all()


async def signed(
    session: AsyncSession, _: Caller, application: UUID, digest: str
) -> Sequence[Signature]:
    """Give the signatures under exactly this text."""
    found = select(Signature).where(
        Signature.application == application, Signature.digest == digest
    )
    return (await session.exec(found.order_by(col(Signature.organisation)))).all()


async def sign(session: AsyncSession, signature: Signature) -> None:
    """Add a signature; the same once more changes nothing."""
    new = insert(Signature).values(signature.model_dump())
    await session.exec(new.on_conflict_do_nothing())


async def documents(
    session: AsyncSession, _: Caller, application: UUID
) -> Sequence[Document]:
    """Give the latest document of each kind: those that count."""
    found = select(Document).where(Document.application == application)
    latest = found.ext(distinct_on(col(Document.kind))).order_by(
        col(Document.kind), col(Document.id).desc()
    )
    return (await session.exec(latest)).all()


async def document(session: AsyncSession, caller: Caller, key: UUID) -> Document:
    """Find a document of an application that the caller reads."""
    seen = select(Application.id).where(read_by(caller))
    found = await session.exec(
        select(Document).where(Document.id == key, col(Document.application).in_(seen))
    )
    if (document := found.one_or_none()) is None:
        raise NotFound
    return document


async def queue(
    session: AsyncSession, _: Caller, organisations: Collection[UUID]
) -> None:
    """Wait for whoever else decides on one of these organisations, in any call.

    Always in one order, and after the call's own queue: so nobody waits in a circle.
    """
    for one in sorted(organisations):
        place = func.hashtextextended(f"organisation:{one}", 0)
        await session.exec(select(func.pg_advisory_xact_lock(place)))


async def obstacles(
    session: AsyncSession, _: Caller, application: UUID, terms: UUID
) -> frozenset[Obstacle]:
    """Ask what the organisations have elsewhere: one bit of each kind, for all."""
    found = await session.exec(select(func.composition.obstacles(application, terms)))
    return frozenset(Obstacle(one) for one in found)


async def tried(
    session: AsyncSession,
    caller: Caller,
    application: Application,
    since: datetime | None,
) -> int:
    """Count how often the caller has tried the rules of a call for its lead."""
    mine = select(func.count()).where(
        col(Attempt.call) == application.call,
        col(Attempt.lead) == application.lead,
        col(Attempt.asked_by) == caller.agency,
    )
    if since is not None:
        mine = mine.where(col(Attempt.at) > since)
    return (await session.exec(mine)).one()


async def undecided(session: AsyncSession, caller: Caller, call: UUID) -> int:
    """Count the applications to a call of the caller's that have come to no end."""
    open_ones = (
        Status.SUBMITTED,
        Status.ELIGIBLE,
        Status.SCORED,
        Status.RANKED,
        Status.APPEALED,
        Status.SUSPENDED,
    )
    mine = select(func.count()).where(
        col(Application.agency) == caller.agency,
        col(Application.call) == call,
        col(Application.status).in_(open_ones),
        col(Application.awarded_at).is_(None),
    )
    return (await session.exec(mine)).one()
