"""The gateway's audit: one entry per request, committed before its answer leaves.

Entries gather while the previous batch commits, and go in one statement; each waiting
request is told once its entry is safe. An entry that cannot be written is an answer
that is not given.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

import asyncpg

from services.kit.audit import Entry, record
from services.kit.http import describe
from services.kit.refusals import Unavailable

log = logging.getLogger("uramost")
MOST = 8_192  # entries waiting; a flood meets 503, not a growing process
STRANGERS = 8  # they get an eighth of it, and never crowd out callers
PATIENCE = 5.0

Waiting = tuple[Entry, asyncio.Future[None]]


class Writer:
    """Collects entries and commits them in batches."""

    def __init__(self, failed: Callable[[], None], most: int = MOST) -> None:
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._failed = failed
        self._most = most
        self._strangers = most // STRANGERS
        self._writing = True

    async def write(self, entry: Entry) -> None:
        """Return once the entry is committed; raise `Unavailable` if it cannot be."""
        most = self._strangers if entry.caller is None else self._most
        if len(self._waiting) >= most or not self._writing:
            raise Unavailable
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        self._wake.set()
        await done

    async def run(self, pool: asyncpg.Pool) -> None:
        """Commit batch after batch until cancelled; from then on nothing is written."""
        self._writing = True
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                batch, self._waiting = self._waiting, []
                await self._commit(pool, batch)
        finally:
            self._writing = False
            _settle(self._waiting, Unavailable())

    async def _commit(self, pool: asyncpg.Pool, batch: Sequence[Waiting]) -> None:
        outcome: Unavailable | None = Unavailable()
        try:
            async with (
                asyncio.timeout(PATIENCE),
                pool.acquire(timeout=PATIENCE) as connection,  # and to give it back
            ):
                await record(connection, *(entry for entry, _ in batch))
            outcome = None
        except Exception as failure:  # noqa: BLE001 -- nothing may end the writing
            log.error("The audit cannot be written: %s", describe(failure))  # noqa: TRY400 -- a traceback prints the message
            self._failed()
        finally:
            _settle(batch, outcome)


def _settle(batch: Sequence[Waiting], failure: Unavailable | None) -> None:
    for _, done in batch:
        if done.done():  # its request was given up meanwhile
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)
