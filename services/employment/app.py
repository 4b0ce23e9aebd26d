"""The employment service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.employment.employers.api import router as employers
from services.employment.persons import Persons
from services.employment.placements.actions import Office
from services.employment.placements.api import router as placements
from services.employment.placements.limit import Limit
from services.employment.settings import Settings
from services.employment.vacancies.api import router as vacancies
from services.kit.service import create, running

NAME = "employment"
ROUTERS = (employers, vacancies, placements)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, settings) as database, Persons.reach(settings) as reach:
            app.state.office = Office(database, reach, Limit())
            yield

    return live
