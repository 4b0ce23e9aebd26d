"""The grants service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.grants.applications.api import router as applications
from services.grants.applications.deciding import router as deciding
from services.grants.applications.documents import router as documents
from services.grants.applications.leaving import router as leaving
from services.grants.applications.shelf import Shelf
from services.grants.applications.signing import router as signing
from services.grants.assessments.api import router as assessments
from services.grants.awards.api import router as awards
from services.grants.calls.api import router as calls
from services.grants.communities.api import router as communities
from services.grants.communities.vault import Vault
from services.grants.consortia.api import router as consortia
from services.grants.events.api import router as events
from services.grants.feed.api import router as feed
from services.grants.ledger.api import router as ledger
from services.grants.organisations.api import router as organisations
from services.grants.payments.api import router as payments
from services.grants.plans.api import router as plans
from services.grants.settings import Settings
from services.grants.standards.api import router as standards
from services.grants.standing.api import router as standing
from services.grants.withholdings.api import router as withholdings
from services.kit.feed import kept_short
from services.kit.service import create, running

NAME = "grants"
ROUTERS = (
    organisations,
    standing,
    communities,
    plans,
    events,
    withholdings,
    standards,
    calls,
    consortia,
    leaving,
    applications,
    signing,
    deciding,
    documents,
    assessments,
    awards,
    payments,
    ledger,
    feed,
)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        app.state.vault = Vault.of(settings.master)
        app.state.shelf = Shelf.at(
            settings.documents, settings.documents_access, settings.master
        )
        async with (
            running(app, settings) as database,
            kept_short(database, settings.feed_days),
        ):
            yield

    return live
