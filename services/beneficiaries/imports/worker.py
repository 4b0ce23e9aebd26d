"""Takes jobs from the queue and does them, in the name of whoever sent the file.

Whatever stops it, another worker goes on from the last commit: nothing is done twice.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Queued

from services.beneficiaries.imports import actions, store
from services.beneficiaries.imports.accepting import Accepting
from services.beneficiaries.imports.depot import Depot
from services.beneficiaries.imports.jobs import Job, asked, queries
from services.beneficiaries.imports.models import Import
from services.beneficiaries.imports.reading import Overtaken, Reading
from services.beneficiaries.imports.rules import State
from services.kit.beside import again_and_again, beside
from services.kit.callers import Caller
from services.kit.http import describe
from services.kit.refusals import NotFound

log = logging.getLogger("uramost")
Doing = Callable[[str, UUID], Awaitable[None]]
Entrypoint = Callable[[Queued], Awaitable[None]]
AT_ONCE: Final = 2  # jobs: a small import need not wait for a large one
SILENT: Final = timedelta(seconds=6)  # a job whose worker is silent so long is taken up
LOOKING: Final = timedelta(seconds=2)
HELD: Final = 60.0  # seconds between two looks for jobs that are held
PAUSE: Final = 1.0  # seconds before the queue is worked again, where that failed
LONGEST: Final = 300  # seconds between two tries of a job that fails
AGAIN: Final = "The job could not be done; its fault is in the log of the worker."


@dataclass
class Worker:
    """A worker of the queue, and whether it is at work; readiness asks."""

    depot: Depot
    works: bool = False

    async def working(self) -> bool:
        return self.works

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work beside whatever else the process does, until it ends."""
        async with beside(
            again_and_again(self._work, PAUSE, "The queue is not worked"),
            again_and_again(self._take_up, HELD, "Held jobs are not taken up"),
        ):
            yield

    async def _work(self) -> None:
        driver = AsyncpgPoolDriver(self.depot.database.pool)
        manager = QueueManager(queries(driver))
        for job, do in ((Job.WORK, self.work), (Job.DESTROY, self.destroy)):
            manager.entrypoint(job, on_failure="hold")(self._guarded(do))
        self.works = True
        try:
            await manager.run(
                dequeue_timeout=LOOKING,
                batch_size=1,
                max_concurrent_tasks=AT_ONCE,
                heartbeat_timeout=SILENT,
                shutdown_on_listener_failure=True,
                log_aggregation_interval=timedelta(),
            )
        finally:
            self.works = False

    async def _take_up(self) -> None:
        """Queue again what could not be put back: the database was away just then."""
        queue = queries(AsyncpgPoolDriver(self.depot.database.pool))
        held = await queue.list_failed_jobs()
        await queue.requeue_jobs([job.id for job in held])

    def _guarded(self, do: Doing) -> Entrypoint:
        """Let a failed job be tried again; what the queue keeps of it names nobody."""

        async def run(job: Queued) -> None:
            try:
                await do(*asked(job.payload))
            except (Overtaken, NotFound):
                return
            except asyncio.CancelledError:  # an orderly stop; the queue would forget it
                raise RetryRequested(delay=timedelta(), reason=AGAIN) from None
            except Exception as fault:  # noqa: BLE001 -- an import may not be lost
                log.error("A job failed: %s", describe(fault))  # noqa: TRY400 -- a traceback prints the message
                delay = timedelta(seconds=min(2**job.attempts, LONGEST))
                raise RetryRequested(delay=delay, reason=AGAIN) from None

        return run

    async def work(self, agency: str, key: UUID) -> None:
        """Take an import as far as it goes: to its end, or to a hold."""
        import_, caller = await self._find(agency, key)
        if import_.state not in {State.RECEIVED, State.CHECKED, State.LINKED}:
            return
        data_key = await self.depot.key(key, NotFound)
        if import_.state is State.RECEIVED:
            await Reading(self.depot, caller, import_, data_key).run()
        accepting = Accepting(self.depot, caller, import_, data_key)
        await accepting.link()
        await accepting.run()

    async def destroy(self, agency: str, key: UUID) -> None:
        import_, caller = await self._find(agency, key)
        await actions.destroy(self.depot, caller, import_.request, key)

    async def _find(self, agency: str, key: UUID) -> tuple[Import, Caller]:
        """Find an import and who sent it: with that caller's name all is done."""
        looking = Caller("imports", "imports", agency, frozenset())
        async with self.depot.database.session(agency) as session:
            found = await store.find(session, looking, key)
        return found, Caller.of(found.caller)
