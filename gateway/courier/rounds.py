"""Sees to it that every webhook is served, and by one courier alone.

Whoever holds the lock serves; another waits until that one is gone. The connection that
holds it is the one that looks: once it is lost, nothing more is posted by it.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

from gateway.courier import store
from gateway.courier.delivery import Delivery, Means
from gateway.courier.store import Webhook
from services.kit.beside import again_and_again
from services.kit.http import describe

log = logging.getLogger("uramost")
EVERY: Final = 0.5  # seconds between two looks at which webhooks there are
BLIND: Final = 10.0  # seconds without a look, after which it is not at work
AGAIN: Final = 5.0  # seconds after which whatever hindered is tried again
PATIENCE: Final = 5.0
LOCK: Final = "select pg_try_advisory_lock(hashtextextended('courier', 0))"

Place = tuple[UUID, int]


@dataclass
class Rounds:
    """The deliveries under way, one to each webhook and revision."""

    url: str
    means: Means
    _tasks: dict[Place, asyncio.Task[None]] = field(default_factory=dict)
    _looked: float = field(default_factory=time.monotonic)

    async def at_work(self) -> bool:
        return time.monotonic() - self._looked < BLIND

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        serving = again_and_again(self._connected, EVERY, "Webhooks are not served")
        task = asyncio.create_task(serving)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _connected(self) -> None:
        connection = await asyncpg.connect(
            self.url, timeout=PATIENCE, command_timeout=PATIENCE
        )
        try:
            while not await connection.fetchval(LOCK):
                self._looked = time.monotonic()
                await asyncio.sleep(EVERY)
            await self._serve(connection)
        finally:
            await self._leave([*self._tasks])
            connection.terminate()  # and the lock goes with it

    async def _serve(self, connection: asyncpg.Connection) -> None:
        while True:
            webhooks = {one.place: one for one in await store.look(connection)}
            self._looked = time.monotonic()
            ended = {place for place, task in self._tasks.items() if task.done()}
            await self._leave(ended | (self._tasks.keys() - webhooks.keys()))
            for place in webhooks.keys() - self._tasks.keys():
                serving = self._keep_serving(webhooks[place])
                self._tasks[place] = asyncio.create_task(serving)
            await asyncio.sleep(EVERY)

    async def _keep_serving(self, webhook: Webhook) -> None:
        """Serve one until it is over; a hindrance of ours is told, and waited for."""
        delivery = Delivery(self.means, webhook)
        while True:
            try:
                await delivery.run()
            except Exception as hindrance:  # noqa: BLE001 -- nobody else may go unserved
                log.warning("A webhook is not served: %s", describe(hindrance))
                await asyncio.sleep(AGAIN)
            else:
                return

    async def _leave(self, places: Iterable[Place]) -> None:
        tasks = [self._tasks.pop(place) for place in places]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
