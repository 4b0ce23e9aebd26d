"""Starts the process that works imports: its own, so that no form waits for a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.beneficiaries.__main__ import prepare
from services.beneficiaries.app import NAME
from services.beneficiaries.imports.depot import depot_of
from services.beneficiaries.imports.worker import Worker
from services.beneficiaries.linkage.counting import counting
from services.beneficiaries.settings import Settings
from services.kit import process
from services.kit.database import Database, connect_pool
from services.kit.service import create as assemble
from services.kit.service import standing
from services.kit.telemetry import App

CONNECTIONS = 12  # to its database, and to that of keys: two jobs, four batches each


def create(settings: Settings) -> App:
    live = lifespan(settings)
    return standing(assemble(NAME, settings, settings.passport_key, (), live))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with (
            Database.connect(settings.database, most=CONNECTIONS) as database,
            await connect_pool(settings.keys, most=CONNECTIONS) as keys,
        ):
            depot = depot_of(settings, database, keys)
            worker = Worker(depot)
            app.state.database = database
            app.state.parts |= {"database": database.answers, "queue": worker.working}
            async with worker.running(), counting(database, depot.registrar.matcher):
                yield

    return live


if __name__ == "__main__":
    process.start("imports", Settings.load, prepare, create)
