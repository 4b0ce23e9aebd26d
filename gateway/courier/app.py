"""The courier, assembled: it answers probes, and does its work beside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from starlette.types import Lifespan

from gateway.courier.delivery import Means
from gateway.courier.door import Door
from gateway.courier.posting import Poster
from gateway.courier.rounds import Rounds
from gateway.courier.settings import Settings
from gateway.webhooks.vault import Vault
from services.kit.database import answers, connect_pool
from services.kit.service import add_health, standing
from services.kit.telemetry import SILENT, App

CONNECTIONS = 4


def create(settings: Settings) -> App:
    app = FastAPI(openapi_url=None, lifespan=lifespan(settings), telemetry=SILENT)
    app.state.parts, app.state.behind = {}, {}
    add_health(app)
    return standing(app)


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with (
            await connect_pool(settings.database, most=CONNECTIONS) as pool,
            Door.reach(settings) as door,
            Poster.open(local=settings.local_webhooks) as poster,
        ):
            vault = Vault.of(settings.webhook_key)
            patience = timedelta(days=settings.patience_days)
            rounds = Rounds(
                settings.database, Means(door, poster, vault, pool, patience)
            )

            async def database() -> bool:
                return await answers(pool)

            app.state.parts |= {"database": database, "rounds": rounds.at_work}
            async with rounds.running():
                yield

    return live
