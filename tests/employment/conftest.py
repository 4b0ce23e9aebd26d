"""The employment service on a fresh database, between small real neighbours."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.employment.app import create_app
from services.employment.permissions import Employment
from services.employment.settings import Settings
from services.kit.checkpoints import Audit
from tests.databases import Fresh, Freshly
from tests.employment.neighbours import SECRET, Neighbours, serving
from tests.passports import PRIVATE, PUBLIC, shown


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("employment")


@pytest.fixture
def neighbours() -> Neighbours:
    return Neighbours()


def settings_for(database: Fresh, gateway: str, beneficiaries: str) -> Settings:
    return Settings.load(
        database=database.url,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
        gateway=gateway,
        beneficiaries=beneficiaries,
        exchange_secret=SECRET,
    )


@pytest.fixture
async def app(database: Fresh, neighbours: Neighbours) -> AsyncIterator[FastAPI]:
    async with serving(neighbours.app()) as url:
        app = create_app(settings_for(database, url, url))
        async with app.router.lifespan_context(app):
            yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://employment") as client:
        yield client


class Agency:
    """An agency's system, holding every permission unless told otherwise."""

    def __init__(
        self,
        client: AsyncClient,
        neighbours: Neighbours,
        name: str,
        *permissions: str,
    ) -> None:
        self.client = client
        self.neighbours = neighbours
        self.name = name
        self.permissions = permissions or (*Employment, *Audit)

    async def get(self, path: str, **query: str) -> Response:
        headers = shown("employment", self.name, self.permissions)
        return await self.client.get(path, params=query, headers=headers)

    async def post(self, path: str, **body: object) -> Response:
        headers = shown("employment", self.name, self.permissions)
        return await self.client.post(path, json=body, headers=headers)

    async def recorded(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code == 201, answer.text
        recorded: dict[str, Any] = answer.json()
        return recorded

    async def vacancy(self, hours: str = "full_time", places: int = 100) -> str:
        """Publish a vacancy of an employer of its own, and give its id."""
        employer = await self.recorded("/employers", name="Trepça Sh.A.")
        key: str = (
            await self.recorded(
                "/vacancies",
                employer=employer["id"],
                title="Elektricist / Električar",
                hours=hours,
                places=places,
            )
        )["id"]
        return key

    async def place(
        self,
        vacancy: str,
        person: UUID,
        starts_on: str = "2026-03-01",
        ends_on: str | None = "2026-05-31",
        **more: object,
    ) -> Response:
        """Place a person under a registration of the agency's own."""
        body: dict[str, object] = {
            "vacancy": vacancy,
            "registration": str(self.neighbours.register(self.name, person)),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "overlap_check_consented": True,
        }
        return await self.post("/placements", **(body | more))


@pytest.fixture
def north(client: AsyncClient, neighbours: Neighbours) -> Agency:
    return Agency(client, neighbours, "unicef")


@pytest.fixture
def south(client: AsyncClient, neighbours: Neighbours) -> Agency:
    return Agency(client, neighbours, "who")
