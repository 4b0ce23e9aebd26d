"""The programme service, assembled."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.kit.database import Database
from services.kit.exchange import Exchange
from services.kit.following import Follower
from services.kit.service import create, running
from services.programme.counts.actions import apply
from services.programme.counts.api import router as counts
from services.programme.indicators.api import router as indicators
from services.programme.publications.api import router as publications
from services.programme.results.api import router as results
from services.programme.settings import Settings
from services.programme.surveys.api import router as surveys

NAME = "programme"
ROUTERS = (indicators, surveys, publications, results, counts)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    told = NAME, settings.gateway, settings.exchange_secret

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with (
            running(app, settings) as database,
            Exchange.reach(*told) as exchange,
            AsyncExitStack() as following,
        ):
            app.state.followers = list(followers(settings, database, exchange))
            for one in app.state.followers:
                app.state.behind[one.feed] = one.behind
                await following.enter_async_context(one.following())
            yield

    return live


def followers(
    settings: Settings, database: Database, exchange: Exchange
) -> Iterator[Follower]:
    """Follow each service whose events are counted, by its feed for services."""
    feeds = {
        "beneficiaries": (settings.beneficiaries, "/persons/feed"),
        "grants": (settings.grants, "/results/feed"),
        "employment": (settings.employment, "/results/feed"),
    }
    for name, (at, path) in feeds.items():
        yield Follower(name, database.pool, exchange.feed(name, at, path), apply)
