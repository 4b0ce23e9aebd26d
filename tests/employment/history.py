"""A plain model of vacancies and placements, beside two agencies at the service."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from httpx import ASGITransport, AsyncClient, Response

from services.employment.app import create_app
from services.employment.placements.actions import Office
from services.employment.placements.limit import Limit
from services.employment.placements.rules import (
    HOLDING,
    Status,
    Why,
    takes_a_place,
)
from services.employment.vacancies.rules import State
from services.kit import limits
from tests.databases import Fresh
from tests.employment.conftest import Agency, settings_for
from tests.employment.neighbours import Neighbours, serving

PATIENT = limits.Limit.an_hour(10**6)  # how often one may ask is tested elsewhere
Window = tuple[date, date | None]
PEOPLE = range(2)


@dataclass
class Offer:
    """A vacancy as the model has it."""

    agency: Agency
    key: str
    places: int
    full_time: bool
    state: State = State.PUBLISHED
    taken: int = 0

    def count(self, more: int) -> None:
        self.taken += more
        if self.state in {State.PUBLISHED, State.FILLED}:
            full = self.taken >= self.places
            self.state = State.FILLED if full else State.PUBLISHED


@dataclass
class Work:
    """A placement as the model has it."""

    offer: Offer
    key: str
    person: int
    window: Window
    status: Status
    why: Why | None = None

    @property
    def holds(self) -> bool:
        return self.offer.full_time and self.status in HOLDING

    @property
    def takes(self) -> bool:
        return takes_a_place(self.status, self.why)


def overlap(one: Window, other: Window) -> bool:
    last = [end or date.max for _, end in (one, other)]
    return one[0] <= last[1] and other[0] <= last[0]


@dataclass
class World:
    """The service, alive in a loop of its own, and two agencies that speak to it."""

    runner: asyncio.Runner
    agencies: list[Agency]
    beside: asyncpg.Connection

    def at_once(self, *requests: Any) -> list[Response]:  # noqa: ANN401 -- coroutines
        async def gathered() -> list[Response]:
            return list(await asyncio.gather(*requests))

        return self.runner.run(gathered())

    def ask(self, statement: str) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = self.runner.run(self.beside.fetch(statement))
        return rows


@contextmanager
def world(database: Fresh) -> Iterator[World]:
    neighbours, stack = Neighbours(), AsyncExitStack()

    async def opened() -> AsyncClient:
        url = await stack.enter_async_context(serving(neighbours.app()))
        app = create_app(settings_for(database, url, url, url))
        await stack.enter_async_context(app.router.lifespan_context(app))
        app.state.office = Office(app.state.database, Limit(PATIENT, PATIENT))
        client = AsyncClient(transport=ASGITransport(app), base_url="http://employment")
        return await stack.enter_async_context(client)

    with asyncio.Runner() as runner:
        client = runner.run(opened())
        agencies = [Agency(client, neighbours, name) for name in ("unicef", "who")]
        beside = runner.run(asyncpg.connect(database.superuser))
        try:
            yield World(runner, agencies, beside)
        finally:
            runner.run(beside.close())
            runner.run(stack.aclose())


@dataclass
class Known:
    """What the model knows of one run."""

    persons: list[UUID] = field(default_factory=lambda: [uuid4() for _ in PEOPLE])
    offers: list[Offer] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    def offered(self, key: str) -> Offer | None:
        """Give an offer of this run; those before it are in the database too."""
        return next((one for one in self.offers if one.key == key), None)

    def busy(self, person: int, window: Window, but: Work | None = None) -> bool:
        return any(
            work.person == person and work.holds and overlap(work.window, window)
            for work in self.works
            if work is not but
        )
