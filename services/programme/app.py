"""The programme service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.kit.service import create, running
from services.programme.indicators.api import router as indicators
from services.programme.publications.api import router as publications
from services.programme.results.api import router as results
from services.programme.settings import Settings
from services.programme.surveys.api import router as surveys

NAME = "programme"
ROUTERS = (indicators, surveys, publications, results)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, settings):
            yield

    return live
