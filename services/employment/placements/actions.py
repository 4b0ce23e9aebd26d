"""Placing somebody: ask who it is, take the place, and let the database refuse."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.persons import Person, Persons
from services.employment.placements import store
from services.employment.placements.limit import Limit
from services.employment.placements.models import Placement
from services.employment.placements.rules import (
    Content,
    NotConsented,
    Overlapping,
    TooMany,
)
from services.employment.vacancies import store as vacancies
from services.employment.vacancies.rules import Hours, after_placing
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.database import Database


@dataclass(frozen=True)
class Office:
    """What placing needs beside the request's own transaction."""

    database: Database
    persons: Persons
    limit: Limit

    async def place(
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        content: Content,
        person: Person,
    ) -> Placement:
        """Place a person; a refusal of the check is put on record by itself."""
        try:
            placement = await self._take(session, caller, content, person)
        except (Overlapping, TooMany) as refusal:
            await self._put_refusal_on_record(caller, request, content, refusal)
            raise
        entry = Entry(request, "placement:record", caller, placement.id)
        await record(await driver(session), entry)
        return placement

    async def _take(
        self, session: AsyncSession, caller: Caller, content: Content, person: Person
    ) -> Placement:
        vacancy = await vacancies.find(session, caller, content.vacancy, hold=True)
        full_time = vacancy.hours is Hours.FULL_TIME
        if full_time and not content.overlap_check_consented:
            raise NotConsented
        taken = await store.taken(session, caller, vacancy.id)
        vacancy.state = after_placing(vacancy.state, taken, vacancy.places)
        if full_time:
            self.limit.count(caller, content.registration)
        placement = Placement(
            **content.model_dump(),
            **person.model_dump(),
            agency=caller.agency,
            full_time=full_time,
            recorded_by=caller.subject,
        )
        await store.add(session, placement)
        return placement

    async def _put_refusal_on_record(
        self,
        caller: Caller,
        request: UUID,
        content: Content,
        refusal: Overlapping | TooMany,
    ) -> None:
        """Write in a transaction of its own: that of the placement is rolled back."""
        details = {"refusal": refusal.kind()}
        about = content.registration
        entry = Entry(request, "placement:refuse", caller, about, details)
        async with self.database.statements(caller.agency) as connection:
            await record(connection, entry)


async def put_reading_on_record(
    session: AsyncSession, caller: Caller, request: UUID, read: Iterable[Placement]
) -> None:
    entries = [Entry(request, "placement:read", caller, one.id) for one in read]
    if entries:
        await record(await driver(session), *entries)
