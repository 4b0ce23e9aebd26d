"""The service alive in a loop of its own, and how everything stands in its database."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from services.beneficiaries.app import create_app
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.rules import (
    Judged,
    Member,
    Place,
    Verdict,
)
from services.beneficiaries.settings import Settings
from tests.beneficiaries.conftest import EVERYTHING, Agency
from tests.beneficiaries.judging import grouped
from tests.databases import Fresh

Rows = Sequence[asyncpg.Record]
Pair = tuple[UUID, UUID]
Asked = tuple[UUID, UUID, str]  # of which pair whom
Given = TypeVar("Given")
PATIENT = 10**6  # how often one may ask about the same person is tested elsewhere
EMPTY = "truncate registration cascade"
MEMBERS = """
select m.*, exists (select from match_key k where k.registration = m.registration)
    as matched
from membership m order by m.since, m.registration
"""
JUDGEMENTS = "select * from judgement order by made_at, id"
WAITING = """
select r.*, exists (
    select from opinion o where o.review = r.id and o.replaced_at is null
) as spoken
from review r where r.closed_at is null order by r.id
"""
TOLD = """
select written, type, subject, audience, data::text from outbox
where written > $1 and type in ('person.merged', 'person.split',
    'registration.regrouped')
order by written
"""
# As an older scheme would have left an agency: whoever is new meets nobody of it.
OUTDATE = """
with older as (update trait set scheme = 0 where agency = $1),
gone as (delete from match_key where agency = $1 returning registration)
insert into match_key (key, registration, agency)
select distinct hashtextextended(registration::text, 7), registration, $1 from gone
"""


@dataclass(frozen=True)
class Stand:
    """How everything stands after an act, and what was told of persons meanwhile."""

    rows: Rows
    words: Mapping[UUID, asyncpg.Record]  # every judgement, in force or not
    waiting: Rows
    told: Rows

    @cached_property
    def members(self) -> list[Member]:
        names = ("registration", "agency", "since")
        return [Member(*(row[name] for name in names)) for row in self.rows]

    @cached_property
    def places(self) -> dict[UUID, Place]:
        return {
            row["registration"]: Place(*(row[name] for name in Place._fields))
            for row in self.rows
        }

    @cached_property
    def moves(self) -> dict[UUID, int]:
        return {row["registration"]: row["moves"] for row in self.rows}

    @cached_property
    def agency(self) -> dict[UUID, str]:
        return {one.registration: one.agency for one in self.members}

    @cached_property
    def ages(self) -> dict[UUID, int]:
        return {one.registration: age for age, one in enumerate(self.members)}

    @cached_property
    def alone(self) -> set[UUID]:
        """Whoever may be matched with nobody: withdrawn, erased, or never matched."""
        return {row["registration"] for row in self.rows if not row["matched"]}

    @cached_property
    def persons(self) -> dict[UUID, set[UUID]]:
        return grouped({one: place.person for one, place in self.places.items()})

    @cached_property
    def in_force(self) -> dict[Pair, asyncpg.Record]:
        return {
            (word["low"], word["high"]): word
            for word in self.words.values()
            if word["superseded_at"] is None
        }

    @cached_property
    def judged(self) -> list[Judged]:
        return [
            Judged(*two, Verdict(word["verdict"]))
            for two, word in self.in_force.items()
        ]

    @cached_property
    def reviews(self) -> dict[Asked, asyncpg.Record]:
        return {(row["low"], row["high"], row["audience"]): row for row in self.waiting}

    def place(self, registration: UUID) -> Place:
        """Give where one stands; whoever was not there yet begins as its own person."""
        one = registration
        return self.places.get(one, Place(one, one, one, one, contested=False))


@dataclass
class World:
    """One process of the service, those who speak to it, and a look beside it."""

    runner: asyncio.Runner
    app: FastAPI
    client: AsyncClient
    beside: asyncpg.Connection
    heard: int = 0

    def run(self, act: Coroutine[Any, Any, Given]) -> Given:
        return self.runner.run(act)

    def begin(self) -> None:
        """Forget everybody, and how common the names were in the histories before."""
        self.app.state.registrar.matcher.census.names = Frequencies()
        self.run(self.beside.execute(EMPTY))

    def agency(self, name: str, subject: str = "officer") -> Agency:
        return Agency(self.client, name, EVERYTHING).by(subject)

    def outdate(self, agency: str) -> None:
        self.run(self.beside.execute(OUTDATE, agency))

    def stand(self) -> Stand:
        return self.run(self._stand())

    async def _stand(self) -> Stand:
        rows = await self.beside.fetch(MEMBERS)
        words = await self.beside.fetch(JUDGEMENTS)
        waiting = await self.beside.fetch(WAITING)
        told = await self.beside.fetch(TOLD, self.heard)
        self.heard = max((one["written"] for one in told), default=self.heard)
        return Stand(rows, {one["id"]: one for one in words}, waiting, told)


@contextmanager
def world(settings: Settings, database: Fresh) -> Iterator[World]:
    stack = AsyncExitStack()

    async def opened() -> tuple[FastAPI, AsyncClient]:
        app = create_app(settings.model_copy(update={"repeats_an_hour": PATIENT}))
        await stack.enter_async_context(app.router.lifespan_context(app))
        client = AsyncClient(transport=ASGITransport(app), base_url="http://service")
        return app, await stack.enter_async_context(client)

    with asyncio.Runner() as runner:
        beside = runner.run(asyncpg.connect(database.superuser))
        try:
            yield World(runner, *runner.run(opened()), beside)
        finally:
            runner.run(beside.close())
            runner.run(stack.aclose())
