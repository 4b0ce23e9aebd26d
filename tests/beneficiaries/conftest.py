"""The beneficiaries service on fresh databases, and those who speak to it."""

from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.beneficiaries.app import create_app
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.settings import Settings
from services.kit.agreements import Agreed
from services.kit.checkpoints import Audit
from tests.databases import Fresh, Freshly
from tests.passports import PRIVATE, PUBLIC, shown

MASTER = b64encode(bytes(range(32))).decode()
EVERYTHING = (*Beneficiaries, *Audit)
number = count(1)


@pytest.fixture
async def databases(fresh: Freshly) -> dict[str, Fresh]:
    return {name: await fresh(name) for name in ("beneficiaries", "keys")}


@pytest.fixture
def settings(databases: dict[str, Fresh]) -> Settings:
    return Settings(
        database=databases["beneficiaries"].url,
        keys=databases["keys"].url,
        master_key=MASTER,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


class Agency:
    """An agency's system, holding every permission unless told otherwise."""

    def __init__(
        self, client: AsyncClient, name: str, permissions: tuple[str, ...]
    ) -> None:
        self.client = client
        self.name = name
        self.permissions = permissions
        self.subject = "officer"
        self.purpose: str | None = None
        self.organisation: str | None = None
        self.agreed: tuple[Agreed, ...] = ()

    def by(
        self, subject: str = "officer", *agreed: Agreed, purpose: str | None = None
    ) -> "Agency":
        """Let somebody else act for the agency, for a purpose, with what is agreed."""
        other = copy(self)
        other.subject, other.agreed, other.purpose = subject, agreed, purpose
        return other

    async def request(
        self, verb: str, path: str, body: object = None, purpose: str | None = None
    ) -> Response:
        headers = shown(
            "beneficiaries",
            self.name,
            self.permissions,
            purpose or self.purpose,
            self.subject,
            organisation=self.organisation,
            agreed=self.agreed,
        )
        return await self.client.request(verb, path, json=body, headers=headers)

    async def get(self, path: str) -> Response:
        return await self.request("GET", path)

    async def post(self, path: str, body: object = None) -> Response:
        return await self.request("POST", path, body)

    async def put(self, path: str, body: object) -> Response:
        return await self.request("PUT", path, body)

    async def record(self, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field of a registration
        answer = await self.post("/registrations", registration(**changed))
        assert answer.status_code == 201, answer.text
        recorded: dict[str, Any] = answer.json()
        return recorded


Enter = Callable[..., Awaitable[Agency]]


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app, raise_app_exceptions=True)
    async with AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


@pytest.fixture
def north(client: AsyncClient) -> Agency:
    return Agency(client, "unicef", EVERYTHING)


@pytest.fixture
def south(client: AsyncClient) -> Agency:
    return Agency(client, "who", EVERYTHING)


@pytest.fixture
def desk(client: AsyncClient) -> Agency:
    return Agency(client, "registry-desk", EVERYTHING)


def registration(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field of a registration
    """Make a registration that is complete and like no other, but for what is given."""
    invented = {
        "source_id": f"S-{next(number)}",
        "names": {"given": "Mërgim", "family": "Prekazi", "father": "Hysni"},
        "sex": "male",
        "birth": {"value": "1990-05-01", "precision": "day"},
        "place": "mitrovica-south",
        "address": "Rruga e Lisit 7",
        "phones": ["+38344123456"],
        "documents": [
            {"kind": "personal_number", "number": "1002003007", "country": "XK"}
        ],
    }
    return invented | changed


@asynccontextmanager
async def another_process(settings: Settings) -> AsyncIterator[AsyncClient]:
    """Run a second process of the service on the same databases."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://service") as client,
    ):
        yield client


@pytest.fixture
def service(north: Agency) -> Agency:
    """Another service, acting for itself."""
    follower = north.by("employment")
    follower.name = "service:employment"
    follower.permissions = (Beneficiaries.FOLLOW_PERSONS,)
    return follower
