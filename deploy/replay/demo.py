"""The play in a demo: its parties are clients that the gateway has enrolled."""

import asyncio
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from deploy import secrets
from deploy.replay.journal import Journal
from deploy.replay.parties import Party, Reached
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role

AGENCY: Final = Tenant(id="undp", kind="agency", name="UNDP")
EARLY: Final = 60  # seconds before its end at which a token is renewed


class Bearer(httpx.Auth):
    """Shows a client's token, and obtains another before it ends."""

    requires_response_body = True

    def __init__(
        self, gateway: str, client: str, secret: str, purpose: str | None = None
    ) -> None:
        self._url, self._basic = f"{gateway}/token", httpx.BasicAuth(client, secret)
        self._form = {"grant_type": "client_credentials"}
        if purpose is not None:
            self._form["purpose"] = purpose
        self._token, self._until = "", 0.0

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        if time.monotonic() > self._until:
            asking = httpx.Request("POST", self._url, data=self._form)
            granted = yield next(self._basic.auth_flow(asking))
            granted.raise_for_status()
            told = granted.json()
            self._token = told["access_token"]
            self._until = time.monotonic() + told["expires_in"] - EARLY
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


@dataclass(frozen=True)
class Enrolled:
    """A cast that the gateway knows; secrets lie in a folder, as the demo's do."""

    gateway: str
    owner: str
    folder: Path
    http: httpx.AsyncClient
    journal: Journal
    reached: Reached = field(default_factory=Reached)
    one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def staff(self, name: str, role: Role) -> Party:
        client = Client(id=f"{AGENCY.id}-{name}", roles=(role,))
        return await self._enrolled(Enrolment(tenant=AGENCY, client=client))

    async def organisation(self, slug: str, key: str) -> Party:
        tenant = Tenant(id=slug, kind="organisation", name=slug)
        client = Client(id=f"{slug}-demo", roles=(Role.APPLICANT,), organisation=key)
        return await self._enrolled(Enrolment(tenant=tenant, client=client))

    def client(self, name: str, purpose: str | None = None) -> Party:
        """Give one of the clients that the demo has enrolled already."""
        secret = (self.folder / name).read_text(encoding="ascii")
        bearer = Bearer(self.gateway, name, secret, purpose)
        return Party(self.http, name, bearer, self.journal, self.reached)

    async def _enrolled(self, enrolment: Enrolment) -> Party:
        async with self.one:
            connection = await asyncpg.connect(self.owner)
            try:
                async with connection.transaction():
                    shown = await enrol(connection, [enrolment])
                    for client, secret in shown.items():
                        secrets.write(self.folder / client, secret)
            finally:
                await connection.close()
        name = enrolment.client.id if enrolment.client else ""
        return self.client(name).at("grants")
