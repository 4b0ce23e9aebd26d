"""The whole way: what was published is entered by the command, through the gateway."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from deploy.published.__main__ import enter
from gateway.app import create_app as create_gateway
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role
from gateway.settings import Settings as GatewaySettings
from services.programme.app import create_app
from tests.databases import Fresh, Freshly
from tests.employment.neighbours import SECRET, address, listening, serving
from tests.passports import PRIVATE
from tests.programme.conftest import settings_for

ROLES = {
    "officer": (Role.PROGRAMME_OFFICER,),
    "auditor": (Role.AUDITOR,),
    "registrar": (Role.REGISTRAR, Role.CASEWORKER, Role.GRANTS_OFFICER),
}


@dataclass(frozen=True)
class House:
    """Where the gateway is, and the secrets of those who may speak to it."""

    url: str
    secrets: dict[str, str]

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False)

    def entered_by(self, name: str) -> dict[str, int]:
        with self.client() as http:
            return enter(http, name, self.secrets[name])

    def get(self, path: str, name: str) -> httpx.Response:
        with self.client() as http:
            form = {"grant_type": "client_credentials"}
            given = http.post("/token", data=form, auth=(name, self.secrets[name]))
            bearer = {"authorization": f"Bearer {given.json()['access_token']}"}
            return http.get(path, headers=bearer)


@pytest.fixture
async def house(fresh: Freshly, database: Fresh) -> AsyncIterator[House]:
    own, door, desk = await fresh("gateway"), listening(), listening()
    elsewhere = dict.fromkeys(("beneficiaries", "grants", "employment"), address(desk))
    gateway = GatewaySettings.load(
        database=own.url,
        **dict.fromkeys(("token_key", "passport_key", "audit_key"), PRIVATE),
        issuer=address(door),
        programme=address(desk),
        employment_secret=SecretStr(SECRET),
        programme_secret=SecretStr("what the programme shows"),
        courier_secret=SecretStr("nobody's here"),
        webhook_key=b64encode(bytes(32)).decode(),
        **elsewhere,
    )
    async with AsyncExitStack() as running:
        programme = create_app(settings_for(database.url))
        for app, taken in ((programme, desk), (create_gateway(gateway), door)):
            await running.enter_async_context(serving(app, taken, "on"))
        yield House(address(door), await enrolled(own.owner))


async def enrolled(owner: str) -> dict[str, str]:
    connection = await asyncpg.connect(owner)
    try:
        tenant = Tenant(id="undp", kind="agency", name="UNDP")
        clients = [Client(id=name, roles=roles) for name, roles in ROLES.items()]
        return await enrol(
            connection, [Enrolment(tenant=tenant, client=one) for one in clients]
        )
    finally:
        await connection.close()


async def test_the_command_enters_once_what_was_published_and_an_auditor_reads_it(
    house: House,
) -> None:
    entered = await asyncio.to_thread(house.entered_by, "officer")
    assert entered == {"indicators": 14, "facts": 15, "surveys": 1, "findings": 2}
    again = await asyncio.to_thread(house.entered_by, "officer")
    assert set(again.values()) == {0}
    told = await asyncio.to_thread(house.get, "/programme/results", "auditor")
    assert len(told.json()["items"]) == 14
    key = told.json()["items"][0]["indicator"]["id"]
    at = f"/programme/indicators/{key}/chart"
    drawn = await asyncio.to_thread(house.get, at, "auditor")
    assert drawn.headers["content-type"] == "image/svg+xml"
    refused = await asyncio.to_thread(house.get, "/programme/results", "registrar")
    assert refused.status_code == 403


async def test_only_a_programme_officer_enters(house: House) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await asyncio.to_thread(house.entered_by, "auditor")
