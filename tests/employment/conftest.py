"""The employment service on a fresh database, between small real neighbours."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.employment.app import create_app, lifespan
from services.employment.permissions import Employment
from services.employment.settings import Settings
from services.kit.checkpoints import Audit
from tests.databases import Fresh, Freshly
from tests.employment.neighbours import SECRET, Neighbours, serving
from tests.passports import PRIVATE, PUBLIC, shown

NOWHERE = Fresh("nowhere", *["postgresql://localhost/nowhere"] * 3)


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("employment")


@pytest.fixture
def neighbours() -> Neighbours:
    return Neighbours()


def settings_for(
    database: Fresh, gateway: str, beneficiaries: str, grants: str
) -> Settings:
    return Settings.load(
        database=database.url,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
        gateway=gateway,
        beneficiaries=beneficiaries,
        grants=grants,
        exchange_secret=SECRET,
    )


@pytest.fixture(scope="session")
def described() -> FastAPI:
    """The service's routes, made once: that takes longer than a test does."""
    return create_app(settings_for(NOWHERE, *["http://127.0.0.1:9"] * 3))


@pytest.fixture
async def app(
    described: FastAPI, database: Fresh, neighbours: Neighbours
) -> AsyncIterator[FastAPI]:
    async with serving(neighbours.app()) as url:
        live = lifespan(settings_for(database, url, url, url))
        async with live(described):
            yield described


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
        self.organisation: str | None = None

    async def get(self, path: str, **query: str) -> Response:
        return await self.client.get(path, params=query, headers=self.headers())

    async def post(self, path: str, **body: object) -> Response:
        return await self.client.post(path, json=body, headers=self.headers())

    async def put(self, path: str, **body: object) -> Response:
        return await self.client.put(path, json=body, headers=self.headers())

    def headers(self) -> dict[str, str]:
        acting_for = self.organisation
        return shown("employment", self.name, self.permissions, organisation=acting_for)

    async def listed(self, path: str, **query: str) -> list[dict[str, Any]]:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def recorded(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code == 201, answer.text
        recorded: dict[str, Any] = answer.json()
        return recorded

    async def employer(
        self, name: str = "Trepça Sh.A.", municipality: str | None = "zvecan"
    ) -> dict[str, Any]:
        """Record an organisation that grants knows as an employer of its own."""
        organisation = self.neighbours.organisation(name, municipality)
        return await self.recorded("/employers", organisation=str(organisation))

    async def draft(self, **more: object) -> dict[str, Any]:
        """Draft a vacancy of an employer of its own."""
        body: dict[str, object] = {
            "title": "Elektricist / Električar",
            "occupation": "7411",
            "weekly_hours": 40,
            "starts_on": "2026-03-01",
            "places": 100,
        }
        body["employer"] = more.get("employer") or (await self.employer())["id"]
        return await self.recorded("/vacancies", **(body | more))

    async def vacancy(
        self, hours: str = "full_time", places: int = 100, **more: object
    ) -> str:
        """Publish a vacancy of an employer of its own, and give its id."""
        weekly = 40 if hours == "full_time" else 20
        key: str = (await self.draft(weekly_hours=weekly, places=places, **more))["id"]
        assert (await self.post(f"/vacancies/{key}/publication")).status_code == 200
        return key

    async def place(
        self,
        vacancy: str,
        person: UUID,
        starts_on: str = "2026-03-01",
        ends_on: str | None = "2026-05-31",
        **more: object,
    ) -> Response:
        """Place a person under a registration of the agency's own, as agreed."""
        body: dict[str, object] = {
            "vacancy": vacancy,
            "registration": str(self.neighbours.register(self.name, person)),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "overlap_check_consented": True,
            "status": "accepted",
        }
        return await self.post("/placements", **(body | more))


@pytest.fixture
def north(client: AsyncClient, neighbours: Neighbours) -> Agency:
    return Agency(client, neighbours, "unicef")


@pytest.fixture
def bakery(client: AsyncClient, neighbours: Neighbours) -> Agency:
    """An organisation that acts for itself; some agency makes it an employer."""
    may = Employment.READ_CANDIDATES, Employment.READ_INTRODUCTIONS
    baker = Agency(client, neighbours, "bakery", *may)
    baker.organisation = str(neighbours.organisation("Furra Buka", "mitrovica-south"))
    return baker


@pytest.fixture
def south(client: AsyncClient, neighbours: Neighbours) -> Agency:
    return Agency(client, neighbours, "who")
