"""The beneficiaries service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.types import Lifespan

from services.beneficiaries.imports.api import router as imports
from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.api import router as linkage
from services.beneficiaries.protection.api import router as protection
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry.actions import Registrar
from services.beneficiaries.registry.api import router as registry
from services.beneficiaries.settings import Settings
from services.kit.database import answers, connect_pool
from services.kit.service import create, running

NAME = "beneficiaries"
ROUTERS = (registry, protection, linkage, imports)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with (
            running(app, settings),
            await connect_pool(settings.keys) as keys,
        ):
            app.state.keyring = Keyring(keys, settings.master)
            matcher = Matcher.of(app.state.keyring, settings.master)
            app.state.registrar = Registrar(settings.master, matcher)
            app.state.parts["keys"] = partial(answers, keys)
            yield

    return live
