"""The grants service on a fresh database, and those who speak to it."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from services.grants.app import create_app, lifespan
from services.grants.settings import Settings
from tests.databases import Fresh, Freshly
from tests.grants.speaking import as_agency, as_organisation
from tests.grants.world import Speaker, Two, World
from tests.passports import PRIVATE, PUBLIC

__all__ = ["MASTER", "as_agency", "as_organisation"]

MASTER = b64encode(bytes(range(32))).decode()


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("grants")


def settings_for(database: Fresh, documents: Path) -> Settings:
    return Settings(
        database=database.url,
        master_key=MASTER,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
        documents=documents.as_uri(),
    )


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service, put together once: to describe all it does takes half a second."""
    nowhere = Fresh("", "postgresql://localhost/nothing", "", "")
    return create_app(settings_for(nowhere, tmp_path_factory.getbasetemp()))


@pytest.fixture
async def app(
    assembled: FastAPI, database: Fresh, tmp_path: Path
) -> AsyncIterator[FastAPI]:
    async with lifespan(settings_for(database, tmp_path))(assembled):
        yield assembled


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://grants") as client:
        yield client


@pytest.fixture
def world(client: AsyncClient) -> World:
    return World(client)


@pytest.fixture
async def two(world: World) -> Two:
    """Two organisations from across the divide."""
    return await world.organisation("albanian"), await world.organisation("serb")


@pytest.fixture
def finance(world: World) -> Speaker:
    """Whoever pays: another hand than that which awards."""
    return world.officer(subject="cashier")
