"""Following another service's feed: each event once, in order, whatever breaks off.

Events are applied in one transaction together with the mark of how far they reach. So a
process that is killed goes on where it was, and what was applied is not applied again;
of two processes, whoever comes second finds the mark moved on and leaves them be.

What a feed gives at once is applied at once, but for events that need a transaction of
their own. Where that is refused, it is tried again event by event: those before the one
that cannot be applied stand, and it is tried until it can; none is ever passed by.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg
from pydantic import BaseModel, ConfigDict

from services.kit.beside import beside
from services.kit.http import View, describe
from services.kit.pages import cursor

log = logging.getLogger("uramost")
AGAIN: Final = 1.0  # seconds after which whatever hindered is tried again

MARK: Final = "select cursor from following where feed = $1 for update"
HOW_FAR: Final = "select applied, occurred_at from following where feed = $1"
BEGIN: Final = "insert into following (feed) values ($1) on conflict do nothing"
MOVE_ON: Final = """
update following
set cursor = $2, applied = applied + $3, occurred_at = $4,
    applied_at = clock_timestamp()
where feed = $1
"""


class Event(BaseModel):
    """One event of another service, as far as a follower reads it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    type: str
    subject: UUID
    time: datetime
    data: dict[str, Any]


class Part(BaseModel):
    """What a feed gives at once."""

    items: list[Event]
    more: bool


class Progress(View):
    """How far a feed has been followed; `behind` is in seconds.

    It counts from when nothing was left to apply. A feed at its end is asked again
    every five seconds, so it grows to that and falls back.
    """

    feed: str
    applied: int
    last_event: datetime | None
    behind: float


class Source(Protocol):
    """Where a feed is read: what follows a cursor, as soon as there is anything."""

    async def __call__(self, after: str | None, /) -> Part: ...


Apply = Callable[[asyncpg.Connection, Sequence[Event]], Awaitable[None]]


def never(_: Event) -> bool:
    return False


@dataclass
class Follower:
    """Follows one feed, for as long as its process lives.

    `alone` tells which events are applied in a transaction of their own.
    """

    feed: str
    pool: asyncpg.Pool
    source: Source
    apply: Apply
    alone: Callable[[Event], bool] = never
    _careful: bool = False
    _level: float = field(default_factory=time.monotonic)

    def behind(self) -> float:
        """Tell how many seconds ago nothing was left to be applied."""
        return time.monotonic() - self._level

    async def progress(self) -> Progress:
        row = await self.pool.fetchrow(HOW_FAR, self.feed)
        applied, last = (0, None) if row is None else row
        return Progress(
            feed=self.feed, applied=applied, last_event=last, behind=self.behind()
        )

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        async with beside(self._run()):
            yield

    async def _run(self) -> None:
        """Follow until cancelled; whatever hinders is told, and tried again."""
        while True:
            try:
                await self.step()
            except Exception as hindrance:  # noqa: BLE001 -- nothing may end the following
                log.warning("%s is not followed: %s", self.feed, describe(hindrance))
                await asyncio.sleep(AGAIN)

    async def step(self) -> None:
        """Read what comes next and apply it; after a failure, one event at a time."""
        last = await self._mark()
        part = await self.source(None if last is None else cursor(last))
        careful, self._careful = self._careful, True  # until all of it is applied
        for run in self._runs(part.items, careful=careful):
            if not await self._take(last, run):
                break
            last = run[-1].id
        else:
            if not part.more:
                self._level = time.monotonic()
        self._careful = False

    def _runs(
        self, events: Sequence[Event], *, careful: bool
    ) -> Iterator[Sequence[Event]]:
        """Cut a part into what is applied in one transaction each."""
        for alone, run in groupby(events, lambda one: careful or self.alone(one)):
            if alone:
                yield from ([one] for one in run)
            else:
                yield list(run)

    async def _mark(self) -> UUID | None:
        await self.pool.execute(BEGIN, self.feed)
        mark: UUID | None = await self.pool.fetchval(MARK, self.feed)
        return mark

    async def _take(self, last: UUID | None, run: Sequence[Event]) -> bool:
        """Apply what follows `last`; False where another process has done so."""
        async with self.pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(MARK, self.feed) != last:
                return False
            await self.apply(connection, run)
            far = run[-1]
            await connection.execute(MOVE_ON, self.feed, far.id, len(run), far.time)
        return True
