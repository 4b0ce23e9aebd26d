"""The grants service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.grants.organisations.api import router as organisations
from services.grants.settings import Settings
from services.kit.service import create, running

NAME = "grants"
ROUTERS = (organisations,)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, settings):
            yield

    return live
