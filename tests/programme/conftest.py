"""The programme service on a fresh database, and those who speak to it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

import deploy.published
from services.kit.checkpoints import Audit
from services.programme.app import create_app, lifespan
from services.programme.permissions import Programme
from services.programme.settings import Settings
from tests.databases import Fresh, Freshly
from tests.passports import PRIVATE, PUBLIC, shown

NOBODY = "http://127.0.0.1:9"
PUBLISHED = Path(deploy.published.__file__).parent


def settings_for(url: str, gateway: str = NOBODY) -> Settings:
    """Give settings with which nothing is followed: nobody is there."""
    return Settings.load(
        database=url,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
        gateway=gateway,
        **dict.fromkeys(("beneficiaries", "grants", "employment"), NOBODY),
        exchange_secret="what the programme shows",
    )


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("programme")


@pytest.fixture(scope="session")
def assembled() -> FastAPI:
    """The service, put together once: to describe all it does takes a while."""
    return create_app(settings_for("postgresql://localhost/nothing"))


@pytest.fixture
async def app(assembled: FastAPI, database: Fresh) -> AsyncIterator[FastAPI]:
    async with lifespan(settings_for(database.url))(assembled):
        yield assembled


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://programme") as client:
        yield client


class Officer:
    """An agency's programme officer, holding every permission unless told otherwise."""

    def __init__(self, client: AsyncClient, agency: str, *permissions: str) -> None:
        self.client = client
        self.agency = agency
        self.permissions = permissions or (*Programme, *Audit)

    async def get(self, path: str, language: str = "en", **query: str) -> Response:
        headers = self.headers() | {"accept-language": language}
        return await self.client.get(path, params=query, headers=headers)

    async def read(self, path: str) -> Any:  # noqa: ANN401 -- whatever JSON it is
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object) -> Response:
        return await self.client.post(path, json=body, headers=self.headers())

    async def made(self, path: str, body: object) -> dict[str, Any]:
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def headers(self) -> dict[str, str]:
        return shown("programme", self.agency, self.permissions)


@pytest.fixture
def officer(client: AsyncClient) -> Officer:
    return Officer(client, "undp")


@pytest.fixture
def other(client: AsyncClient) -> Officer:
    return Officer(client, "unicef")


def published(name: str) -> dict[str, Any]:
    """Read one of the programme's own publications, as it is entered."""
    read: dict[str, Any] = json.loads((PUBLISHED / f"{name}.json").read_text())
    return read


@pytest.fixture
async def entered(officer: Officer) -> dict[str, dict[str, Any]]:
    """What was published of the programme, entered; its results by their codes."""
    for name in ("summary", "announcement"):
        await officer.made("/publications", published(name))
    results = (await officer.read("/results?limit=200"))["items"]
    return {one["indicator"]["code"]: one for one in results}


def words(text: str) -> dict[str, str]:
    return {"sq": f"{text} (sq)", "sr": f"{text} (sr)", "en": text}


SOURCE = {"document": "A report", "place": "page 7", "quote": "as it says"}
INDICATOR = {
    "code": "jobs",
    "titles": words("Jobs"),
    "unit": "jobs",
    "starts_on": "2008-10-01",
    "ends_on": "2011-04-30",
    "counted_as": "short_term_placements",
}
FACT = {"aspect": "actual", "value": "915", "source": SOURCE}
