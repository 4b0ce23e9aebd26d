"""A gateway on a fresh database, before a service that echoes."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from httpx import ASGITransport, AsyncClient

from gateway.app import Gateway, create_app
from gateway.enrolment import Client, Enrolment, PurposeGrant, Tenant, enrol
from gateway.policy import Role
from gateway.settings import Settings
from tests.databases import Fresh, Freshly
from tests.gateway.upstream import Echo, serving


def private_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEYS = {name: private_key() for name in ("token_key", "passport_key", "audit_key")}
KEYS["webhook_key"] = b64encode(bytes(range(32))).decode()
ISSUER = "http://gateway.test"
EXCHANGE_SECRET = "what employment shows"
PROGRAMME_SECRET = "what the programme shows"
COURIER_SECRET = "what the courier shows"


def settings_for(database: str, upstream: str) -> Settings:
    return Settings.load(
        database=database,
        issuer=ISSUER,
        beneficiaries=upstream,
        grants=upstream,
        employment=upstream,
        programme=upstream,
        employment_secret=EXCHANGE_SECRET,
        programme_secret=PROGRAMME_SECRET,
        courier_secret=COURIER_SECRET,
        local_webhooks=True,
        **KEYS,
    )


@dataclass
class House:
    """A running gateway, and the owner's hand on its database."""

    gateway: Gateway
    client: AsyncClient
    echo: Echo
    database: Fresh
    owner: asyncpg.Connection
    secrets: dict[str, str] = field(default_factory=dict)

    async def enrol(
        self,
        name: str,
        *roles: Role,
        agency: str = "north",
        purposes: Sequence[PurposeGrant] = (),
    ) -> str:
        tenant = Tenant(id=agency, kind="agency", name=agency.title())
        client = Client(id=name, roles=roles, purposes=tuple(purposes))
        shown = await enrol(self.owner, [Enrolment(tenant=tenant, client=client)])
        self.secrets |= shown
        return self.secrets[name]

    async def token(self, name: str, **form: str) -> str:
        answer = await self.client.post(
            "/token",
            data={"grant_type": "client_credentials"} | form,
            headers={"authorization": basic(name, self.secrets[name])},
        )
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    async def bearer(
        self, *roles: Role, agency: str = "north", **form: str
    ) -> dict[str, str]:
        """Enrol a client with these roles and give its Authorization header."""
        name = f"{agency}-{sum(1 << list(Role).index(role) for role in roles)}"
        if name not in self.secrets:
            await self.enrol(name, *roles, agency=agency)
        return {"authorization": f"Bearer {await self.token(name, **form)}"}

    async def entries(self) -> list[dict[str, Any]]:
        rows = await self.owner.fetch("select * from audit_entry order by id")
        return [{**row, "details": json.loads(row["details"])} for row in rows]


def basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


@pytest.fixture
async def house(fresh: Freshly) -> AsyncIterator[House]:
    database = await fresh("gateway")
    owner = await asyncpg.connect(database.owner)
    echo = Echo()
    async with serving(echo) as upstream:
        gateway = create_app(settings_for(database.url, upstream))
        transport = ASGITransport(gateway)
        async with (
            gateway.running(),
            AsyncClient(transport=transport, base_url=ISSUER) as client,
        ):
            yield House(gateway, client, echo, database, owner)
    await owner.close()
