"""Every query on declarations. Nothing is opened without a record of who opens it."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.communities.models import Declaration, communities_place
from services.grants.communities.vault import Opened
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.openings import merkle_root
from services.kit.purposes import Purpose
from services.kit.refusals import NotFound
from services.kit.sealing import Recorded

CODE: Final = version("uramost")


async def declare(
    session: AsyncSession, request: UUID, caller: Caller, declared: Declaration
) -> None:
    """Keep an organisation's word in place of what it said before."""
    row = {name: getattr(declared, name) for name in Declaration.model_fields}
    new = insert(Declaration).values(row)
    changed = {name: new.excluded[name] for name in row if name != "organisation"}
    await session.exec(
        new.on_conflict_do_update(index_elements=["organisation"], set_=changed)
    )
    entry = Entry(request, "communities:declare", caller, declared.organisation)
    await record(await driver(session), entry)


async def disclose(
    session: AsyncSession, caller: Caller, request: UUID, organisation: UUID
) -> Opened:
    """Give an organisation its own declaration, on the record."""
    rows = select(Declaration).where(Declaration.organisation == organisation)
    if (found := (await session.exec(rows)).one_or_none()) is None:
        raise NotFound
    entry = Entry(request, "communities:disclose", caller, organisation)
    await record(await driver(session), entry)
    return {organisation: (found.communities, _recorded(organisation))}


async def open_many(
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    organisations: Sequence[UUID],
    about: UUID,
) -> Opened:
    """Give declarations to a rule, all under one audit entry, whoever's they are.

    Row-level security lets these through, by name and for this statement alone.
    """
    await _let_through(session, organisations)
    rows = select(Declaration).where(col(Declaration.organisation).in_(organisations))
    found = (await session.exec(rows)).all()
    await _let_through(session, ())
    details = {
        "purpose": str(Purpose.GRANTS),
        "code": CODE,
        "count": len(found),
        "root": merkle_root([one.organisation for one in found]).hex(),
    }
    entry = Entry(request, "communities:open", caller, about, details)
    await record(await driver(session), entry)
    return {
        one.organisation: (one.communities, _recorded(one.organisation))
        for one in found
    }


async def _let_through(session: AsyncSession, organisations: Sequence[UUID]) -> None:
    named = ",".join(str(one) for one in organisations)
    await session.exec(select(func.set_config("app.opening", named, True)))  # noqa: FBT003 -- for this transaction only


def _recorded(organisation: UUID) -> Recorded:
    return Recorded(communities_place(organisation))
