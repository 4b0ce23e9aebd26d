"""Every query of protection. Nothing is opened without a record of who opens it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.events import Happened, told
from services.beneficiaries.protection.models import (
    Consent,
    Disclosure,
    ProtectedAttribute,
    communities_place,
)
from services.beneficiaries.protection.rules import Agreed
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.columns import now
from services.kit.outbox import publish
from services.kit.purposes import Purpose
from services.kit.refusals import NotFound
from services.kit.sealing import Recorded


async def find(
    session: AsyncSession, caller: Caller, registration: UUID
) -> ProtectedAttribute:
    """Find the protected attributes of one of the caller's own registrations."""
    mine = select(ProtectedAttribute).where(ProtectedAttribute.agency == caller.agency)
    found = await session.exec(
        mine.where(ProtectedAttribute.registration == registration)
    )
    if (attribute := found.one_or_none()) is None:
        raise NotFound
    return attribute


async def consents(
    session: AsyncSession, caller: Caller, registration: UUID
) -> Sequence[Consent]:
    mine = select(Consent).where(Consent.agency == caller.agency)
    about = mine.where(Consent.registration == registration).order_by(col(Consent.id))
    return (await session.exec(about)).all()


async def consent(  # noqa: PLR0913 -- what is agreed, by whom, under which request
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    registration: UUID,
    purpose: Purpose,
    until: datetime,
) -> Consent:
    await find(session, caller, registration)
    given = Consent(
        registration=registration,
        agency=caller.agency,
        purpose=purpose,
        until=until,
        recorded_by=caller.subject,
    )
    session.add(given)
    about = {"purpose": str(purpose)}
    entry = Entry(request, "consent:record", caller, registration, about)
    connection = await driver(session)
    await record(connection, entry)
    happened = Happened.CONSENT_RECORDED
    await publish(connection, *told(happened, caller, registration, **about))
    return given


async def withdraw_consent(
    session: AsyncSession, caller: Caller, request: UUID, key: UUID
) -> None:
    """End a consent, once: from now on it covers nothing."""
    mine = select(Consent).where(Consent.agency == caller.agency, Consent.id == key)
    consent = (await session.exec(mine.with_for_update())).one_or_none()
    if consent is None:
        raise NotFound
    if consent.withdrawn_at is not None:
        return
    consent.withdrawn_at = now()
    about = {"purpose": str(consent.purpose), "consent": str(key)}
    entry = Entry(request, "consent:withdraw", caller, consent.registration, about)
    connection = await driver(session)
    await record(connection, entry)
    happened = Happened.CONSENT_WITHDRAWN
    await publish(connection, *told(happened, caller, consent.registration, **about))


async def disclose(
    session: AsyncSession, caller: Caller, request: UUID, covered: Agreed, subject: UUID
) -> Recorded:
    """Write the disclosure and its audit entry; only then is there a `Recorded`."""
    disclosure = Disclosure(
        registration=subject,
        agency=caller.agency,
        purpose=covered.purpose,
        consent=covered.id,
        subject=caller.subject,
    )
    session.add(disclosure)
    await session.flush()
    about = {"purpose": str(covered.purpose), "consent": str(covered.id)}
    entry = Entry(request, "protected:disclose", caller, subject, about)
    await record(await driver(session), entry)
    return Recorded(communities_place(subject))


async def record_batch(
    connection: asyncpg.Connection, entry: Entry, subjects: Iterable[UUID]
) -> dict[UUID, Recorded]:
    """Write the one entry of a batch opening; only then is there a `Recorded` each."""
    await record(connection, entry)
    return {one: Recorded(communities_place(one)) for one in subjects}
