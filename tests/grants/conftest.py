"""The grants service on a fresh database, and those who speak to it."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from services.grants.app import create_app
from services.grants.permissions import Grants
from services.grants.settings import Settings
from services.kit.checkpoints import Audit
from tests.databases import Fresh, Freshly
from tests.passports import PRIVATE, PUBLIC, shown


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("grants")


@pytest.fixture
async def app(database: Fresh) -> AsyncIterator[FastAPI]:
    settings = Settings(database=database.url, passport_key=PUBLIC, audit_key=PRIVATE)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://grants") as client:
        yield client


def as_agency(agency: str, *permissions: str) -> dict[str, str]:
    """Speak for an agency, with every permission unless some are named."""
    return shown("grants", agency, permissions or (*Grants, *Audit))
