"""Jobs on the queue, written by the transaction that makes them necessary."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver

from services.kit.callers import Caller

# Named here, so that no variable of the environment moves the queue elsewhere.
QUEUE: Final[Callable[[], DBSettings]] = lambda: DBSettings(db_schema="queue")  # noqa: E731 -- a value that pgqueuer wants three times
NOW: Final = timedelta()


class Job(StrEnum):
    """What is to be done with an import."""

    WORK = "work"
    DESTROY = "destroy"


def queries(driver: Driver) -> Queries:
    return Queries(
        driver,
        QueryBuilderEnvironment(QUEUE()),
        QueryQueueBuilder(QUEUE()),
        QuerySchedulerBuilder(QUEUE()),
    )


async def enqueue(
    connection: asyncpg.Connection,
    caller: Caller,
    job: Job,
    key: UUID,
    after: timedelta = NOW,
) -> None:
    """Ask for a job; it says which import of which agency, and nothing else."""
    payload = f"{caller.agency}/{key}".encode()
    await queries(AsyncpgDriver(connection)).enqueue(job, payload, execute_after=after)


def asked(payload: bytes | None) -> tuple[str, UUID]:
    agency, _, key = (payload or b"").decode().partition("/")
    return agency, UUID(key)
