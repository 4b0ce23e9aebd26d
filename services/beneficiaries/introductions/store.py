"""What an introduction reads: one registration in its current version, and consents."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.protection import store as protection
from services.beneficiaries.protection.rules import Agreed
from services.beneficiaries.registry import store as registry
from services.beneficiaries.registry.store import Shown
from services.kit.callers import Caller
from services.kit.refusals import NotFound

NARROW = text("select set_config('app.agency', :agency, true)")


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Shown:
    """Find one of the caller's own registrations that has not ended."""
    shown = await registry.find(session, caller, key)
    if shown.registration.withdrawn_at is not None:
        raise NotFound
    return shown


async def consents(
    session: AsyncSession, caller: Caller, key: UUID
) -> Sequence[Agreed]:
    return [
        Agreed(one.id, one.purpose, one.given_at, one.until, one.withdrawn_at)
        for one in await protection.consents(session, caller, key)
    ]


async def as_introducer(session: AsyncSession, caller: Caller, agency: str) -> Caller:
    """See the rows of the agency that introduced, for what it let be known alone."""
    connection = await session.connection()
    await connection.execute(NARROW, {"agency": agency})
    return replace(caller, agency=agency)
