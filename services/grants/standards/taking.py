"""Taking an organisation in from elsewhere: found again, or recorded."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations import store
from services.grants.organisations.actions import alike
from services.grants.organisations.models import Organisation
from services.grants.organisations.names import LIKELY, likest
from services.grants.organisations.rules import Content, OtherOrganisation
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller


class Outcome(StrEnum):
    """What became of an organisation of a package."""

    RECORDED = "recorded"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An organisation of a package, and the record that there is of it now."""

    identifier: str
    organisation: UUID
    outcome: Outcome
    looks_like: list[UUID]


async def take_in(
    session: AsyncSession,
    importer: Caller,
    request: UUID,
    identifier: str,
    content: Content,
) -> TakenIn:
    """Record an organisation unless its number is known; a wrong name is refused."""
    called = [one.text for one in content.spellings]
    organisation = Organisation.of(content, importer)
    outcome = Outcome.RECORDED
    if await store.add(session, organisation):
        await store.spell(session, importer, organisation.id, content.spellings)
        entry = Entry(request, "organisation:import", importer, organisation.id)
        await record(await driver(session), entry)
    else:
        outcome = Outcome.KNOWN
        organisation = await _there(session, importer, content, called)
    found = await alike(session, importer, called, LIKELY, but=[organisation.id])
    others = [one.organisation.id for one in found]
    return TakenIn(identifier, organisation.id, outcome, others)


async def _there(
    session: AsyncSession, importer: Caller, content: Content, called: list[str]
) -> Organisation:
    number = content.registration_number
    there = await store.numbered(session, importer, content.registered_in, number)
    if there is None:
        raise OtherOrganisation
    known = (await store.names(session, importer, [there.id])).get(there.id, [])
    if likest(called, [one.text for one in known]) < LIKELY:
        raise OtherOrganisation
    return there
