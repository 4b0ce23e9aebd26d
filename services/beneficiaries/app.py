"""The beneficiaries service, assembled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.types import Lifespan

from services.beneficiaries.feed.api import router as feed
from services.beneficiaries.feed.timeline import router as timeline
from services.beneficiaries.imports.api import WATCHERS
from services.beneficiaries.imports.api import router as imports
from services.beneficiaries.imports.depot import depot_of
from services.beneficiaries.imports.mappings import router as mappings
from services.beneficiaries.imports.refused import router as refused
from services.beneficiaries.imports.rows import router as rows
from services.beneficiaries.introductions.api import router as introductions
from services.beneficiaries.linkage.api import router as linkage
from services.beneficiaries.linkage.counting import informed
from services.beneficiaries.links.api import router as links
from services.beneficiaries.protection.api import router as protection
from services.beneficiaries.quality.api import router as quality
from services.beneficiaries.registry.api import router as registry
from services.beneficiaries.registry.limit import Probing
from services.beneficiaries.reviews.api import router as reviews
from services.beneficiaries.settings import Settings
from services.kit.database import answers, connect_pool
from services.kit.feed import kept_short
from services.kit.service import create, running

NAME = "beneficiaries"
ROUTERS = (
    *(registry, protection, linkage, links, introductions, reviews, feed, timeline),
    *(rows, mappings, imports, refused, quality),
)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with (
            running(app, settings) as database,
            await connect_pool(settings.keys) as keys,
        ):
            depot = depot_of(settings, database, keys)
            app.state.depot, app.state.registrar = depot, depot.registrar
            app.state.keyring = depot.registrar.matcher.keyring
            limits = settings.searches_a_minute, settings.repeats_an_hour
            app.state.probing = Probing.of(database, *limits)
            app.state.watchers = asyncio.Semaphore(WATCHERS)
            app.state.parts["keys"] = partial(answers, keys)
            async with (
                informed(database, depot.registrar.matcher),
                kept_short(database, settings.feed_days),
            ):
                yield

    return live
