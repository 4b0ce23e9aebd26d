"""The whole way: gateway, beneficiaries and employment, each real, over HTTP."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient, Response
from pydantic import SecretStr

from gateway.app import create_app as create_gateway
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role
from gateway.settings import Settings as GatewaySettings
from services.beneficiaries.app import create_app as create_beneficiaries
from services.beneficiaries.settings import Settings as BeneficiariesSettings
from services.employment.app import create_app as create_employment
from tests.databases import Freshly
from tests.employment.conftest import settings_for
from tests.employment.neighbours import SECRET, address, listening, serving
from tests.passports import PRIVATE, PUBLIC

ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER)
PERSON = {
    "names": {"given": "Mërgim", "family": "Prekazi", "father": "Hysni"},
    "sex": "male",
    "birth": {"value": "1990-05-01", "precision": "day"},
    "documents": [{"kind": "personal_number", "number": "1002003007", "country": "XK"}],
}


@dataclass(frozen=True)
class Office:
    """One agency's system outside the gateway."""

    client: AsyncClient
    token: str

    async def post(self, path: str, **body: object) -> Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.client.post(path, json=body, headers=headers)

    async def made(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def placed(self, registration: str) -> Response:
        employer = await self.made("/employment/employers", name="Trepça Sh.A.")
        vacancy = await self.made(
            "/employment/vacancies",
            employer=employer["id"],
            title="Elektricist",
            hours="full_time",
        )
        return await self.post(
            "/employment/placements",
            vacancy=vacancy["id"],
            registration=registration,
            starts_on="2026-03-01",
            overlap_check_consented=True,
        )


@pytest.fixture
async def offices(fresh: Freshly) -> AsyncIterator[dict[str, Office]]:
    databases = {
        name: await fresh(name)
        for name in ("gateway", "beneficiaries", "keys", "employment")
    }
    door, desk, work = listening(), listening(), listening()
    gateway = GatewaySettings.load(
        database=databases["gateway"].url,
        token_key=PRIVATE,
        passport_key=PRIVATE,
        audit_key=PRIVATE,
        issuer=address(door),
        beneficiaries=address(desk),
        grants=address(work),
        employment=address(work),
        employment_secret=SecretStr(SECRET),
    )
    beneficiaries = BeneficiariesSettings.load(
        database=databases["beneficiaries"].url,
        keys=databases["keys"].url,
        master_key=b64encode(bytes(32)).decode(),
        passport_key=PUBLIC,
        audit_key=PRIVATE,
    )
    employment = settings_for(databases["employment"], address(door), address(desk))
    async with AsyncExitStack() as house:
        for app, taken in (
            (create_beneficiaries(beneficiaries), desk),
            (create_employment(employment), work),
            (create_gateway(gateway), door),
        ):
            await house.enter_async_context(serving(app, taken, "on"))
        client = await house.enter_async_context(AsyncClient(base_url=address(door)))
        secrets = await enrolled(databases["gateway"].owner)
        yield {
            name: Office(client, await token(client, name, secret))
            for name, secret in secrets.items()
        }


async def enrolled(owner: str) -> dict[str, str]:
    connection = await asyncpg.connect(owner)
    try:
        return await enrol(
            connection,
            [
                Enrolment(
                    tenant=Tenant(id=name, kind="agency", name=name),
                    client=Client(id=name, roles=ROLES),
                )
                for name in ("unicef", "who")
            ],
        )
    finally:
        await connection.close()


async def token(client: AsyncClient, name: str, secret: str) -> str:
    form = {"grant_type": "client_credentials"}
    answer = await client.post("/token", data=form, auth=(name, secret))
    assert answer.status_code == 200, answer.text
    issued: str = answer.json()["access_token"]
    return issued


async def test_two_agencies_cannot_place_one_person_twice(
    offices: dict[str, Office],
) -> None:
    north, south = offices["unicef"], offices["who"]
    mine = await north.made("/beneficiaries/registrations", source_id="U-1", **PERSON)
    theirs = await south.made("/beneficiaries/registrations", source_id="W-9", **PERSON)
    assert mine["person"] != theirs["person"]
    assert (await north.placed(mine["id"])).status_code == 201
    refused = await south.placed(theirs["id"])
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:uramost:problem:overlapping"


async def test_the_registration_of_another_agency_cannot_be_placed(
    offices: dict[str, Office],
) -> None:
    mine = await offices["unicef"].made(
        "/beneficiaries/registrations", source_id="U-1", **PERSON
    )
    hidden = await offices["who"].placed(mine["id"])
    absent = await offices["who"].placed("01900000-0000-7000-8000-000000000000")
    assert hidden.status_code == absent.status_code == 404
    shown, unknown = hidden.json(), absent.json()
    assert shown | {"trace": ""} == unknown | {"trace": ""}
