"""Placing somebody: ask who it is, take the place, and let the database refuse.

Whatever changes a placement holds its vacancy first, then the placement, then queues
for the person: always in this order, so that nobody waits for somebody who waits.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.contracts import Dates
from services.employment.neighbours import Person
from services.employment.placements import store
from services.employment.placements.limit import Limit
from services.employment.placements.models import Placement
from services.employment.placements.rules import (
    HOLDING,
    OPEN,
    Content,
    Days,
    NotConsented,
    NotNext,
    OtherPlacement,
    Overlapping,
    Status,
    Step,
    TooMany,
    move,
    reaches_further,
    takes_a_place,
)
from services.employment.retention import store as retention
from services.employment.standing import latest
from services.employment.vacancies import store as vacancies
from services.employment.vacancies.models import Vacancy
from services.employment.vacancies.rules import Hours, require_open, settled
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.database import Database
from services.kit.outbox import Event, publish

HAPPENED = {
    "record": "placement.recorded",
    "step": "placement.stepped",
    "date": "placement.dated",
}


@dataclass(frozen=True)
class Office:
    """What placing needs beside the request's own transaction."""

    database: Database
    limit: Limit

    async def place(  # noqa: PLR0913 -- who, what, whom, and under which key
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        content: Content,
        person: Person,
        key: str | None,
    ) -> tuple[Placement, bool]:
        """Place a person; tell whether it is new, or was recorded under its key."""
        under, sent = _digest(key), _digest(content.model_dump_json())
        if there := await _recorded(session, caller, under, sent):
            return there, False
        vacancy = await vacancies.find(session, caller, content.vacancy, hold=True)
        require_open(vacancy.state)
        person = await latest(session, caller, content.registration, person)
        placement = Placement(
            **content.model_dump(),
            **person.model_dump(),
            agency=caller.agency,
            full_time=vacancy.hours is Hours.FULL_TIME,
            key_digest=under,
            content_digest=sent,
            recorded_by=caller.subject,
        )
        if placement.full_time and not placement.overlap_check_consented:
            raise NotConsented
        await self._settle(session, caller, request, placement, vacancy, None)
        await _tell(session, caller, request, "record", placement)
        return placement, True

    async def step(
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        key: UUID,
        step: Step,
    ) -> Placement:
        """Bring a placement on; its vacancy is filled or reopened with it."""
        placement, vacancy = await self._held(session, caller, key)
        before = _holds(placement)
        placement.status = move(placement.status, step.status)
        placement.why = step.why
        if step.status is Status.ACCEPTED:
            require_open(vacancy.state)
        if step.on is not None:
            started = step.status is Status.STARTED
            _date(placement, **{"starts_on" if started else "ends_on": step.on})
        await self._settle(session, caller, request, placement, vacancy, before)
        await _tell(session, caller, request, "step", placement, status=step.status)
        return placement

    async def date(
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        key: UUID,
        dates: Dates,
    ) -> Placement:
        """Change the contract's dates of what is not over."""
        placement, vacancy = await self._held(session, caller, key)
        if placement.status not in OPEN:
            raise NotNext
        before = _holds(placement)
        _date(placement, **dates.model_dump())
        await self._settle(session, caller, request, placement, vacancy, before)
        await _tell(session, caller, request, "date", placement)
        return placement

    async def hold_again(
        self, session: AsyncSession, caller: Caller, request: UUID, key: UUID
    ) -> None:
        """Let a placement hold its days again that was found to overlap another."""
        placement, _ = await self._held(session, caller, key)
        placement.overlapping = False
        async with self._telling(caller, request, placement.registration):
            self.limit.count(caller, placement.registration)
            await store.write(session, placement)

    async def _held(
        self, session: AsyncSession, caller: Caller, key: UUID
    ) -> tuple[Placement, Vacancy]:
        seen = await store.find(session, caller, key)
        vacancy = await vacancies.find(session, caller, seen.vacancy, hold=True)
        return await store.find(session, caller, key, hold=True), vacancy

    async def _settle(  # noqa: PLR0913 -- what was, what is, and what it touches
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        placement: Placement,
        vacancy: Vacancy,
        before: Days | None,
    ) -> None:
        """Write a placement as it now is, and what follows for everything around it."""
        placement.takes_place = takes_a_place(placement.status, placement.why)
        async with self._telling(caller, request, placement.registration):
            if reaches_further(before, _holds(placement)):
                self.limit.count(caller, placement.registration)
            await store.write(session, placement)
        taken = await store.taken(session, caller, vacancy.id)
        vacancy.state = settled(vacancy.state, taken, vacancy.places)
        if placement.status is Status.STARTED:
            starts_on = placement.starts_on
            await retention.plan(session, caller, placement.id, starts_on)

    @asynccontextmanager
    async def _telling(
        self, caller: Caller, request: UUID, about: UUID
    ) -> AsyncIterator[None]:
        """Put a refusal on record by itself: the request's transaction is rolled back.

        No value of a placement is in the entry; whom it was about is its target.
        """
        try:
            yield
        except (Overlapping, TooMany) as refusal:
            details = {"refusal": refusal.kind()}
            entry = Entry(request, "placement:refuse", caller, about, details)
            async with self.database.statements(caller.agency) as connection:
                await record(connection, entry)
            raise


async def _recorded(
    session: AsyncSession, caller: Caller, under: bytes | None, sent: bytes | None
) -> Placement | None:
    """Give what was recorded under a key before, if the same was sent."""
    there = await store.keyed(session, caller, under) if under else None
    if there is not None and there.content_digest != sent:
        raise OtherPlacement
    return there


def _holds(placement: Placement) -> Days | None:
    """Give the days that a placement keeps its person from being elsewhere."""
    if not placement.full_time or placement.status not in HOLDING:
        return None
    return Days(placement.starts_on, placement.ends_on)


def _digest(text: str | None) -> bytes | None:
    return None if text is None else sha256(text.encode()).digest()


def _date(placement: Placement, **days: object) -> None:
    """Set days of a contract, unless it would end before it starts."""
    for name, day in days.items():
        setattr(placement, name, day)
    if placement.ends_on is not None and placement.ends_on < placement.starts_on:
        raise NotNext


async def _tell(
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    act: str,
    placement: Placement,
    **details: str,
) -> None:
    """Put an act on record, and tell the agency and the services by their feeds."""
    key, connection = placement.id, await driver(session)
    await record(connection, Entry(request, f"placement:{act}", caller, key, details))
    stands = {"status": placement.status, "term": placement.term}
    own = Event(HAPPENED[act], key, placement.agency, dict(details))
    await publish(connection, own, Event(HAPPENED[act], key, data=stands))


async def put_reading_on_record(
    session: AsyncSession, caller: Caller, request: UUID, read: Iterable[Placement]
) -> None:
    entries = [Entry(request, "placement:read", caller, one.id) for one in read]
    if entries:
        await record(await driver(session), *entries)
