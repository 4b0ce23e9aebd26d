"""The whole way: the gateway and the three services, each real, over HTTP."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
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
from services.grants.app import create_app as create_grants
from services.grants.settings import Settings as GrantsSettings
from tests.databases import Freshly
from tests.employment.conftest import settings_for
from tests.employment.neighbours import SECRET, address, listening, serving
from tests.passports import PRIVATE, PUBLIC

ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER, Role.GRANTS_OFFICER)
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
        vacancy = await self.offered()
        return await self.post(
            "/employment/placements",
            vacancy=vacancy,
            registration=registration,
            starts_on="2026-03-01",
            overlap_check_consented=True,
            status="accepted",
        )

    async def offered(self) -> str:
        """Publish a vacancy of an organisation that grants has, and give its id."""
        recorded = await self.made(
            "/grants/organisations", name="Trepça Sh.A.", kind="business"
        )
        organisation = recorded["organisation"]["id"]
        employer = await self.made("/employment/employers", organisation=organisation)
        assert employer["name"] == "Trepça Sh.A."
        vacancy = await self.made(
            "/employment/vacancies",
            employer=employer["id"],
            title="Elektricist",
            occupation="7411",
            weekly_hours=40,
            starts_on="2026-03-01",
        )
        key: str = vacancy["id"]
        published = await self.post(f"/employment/vacancies/{key}/publication")
        assert published.status_code == 200, published.text
        return key


@pytest.fixture
async def offices(fresh: Freshly, tmp_path: Path) -> AsyncIterator[dict[str, Office]]:
    databases = {
        name: await fresh(name)
        for name in ("gateway", "beneficiaries", "keys", "grants", "employment")
    }
    door, desk, work, fund = (listening() for _ in range(4))
    gateway = GatewaySettings.load(
        database=databases["gateway"].url,
        token_key=PRIVATE,
        passport_key=PRIVATE,
        audit_key=PRIVATE,
        issuer=address(door),
        beneficiaries=address(desk),
        grants=address(fund),
        employment=address(work),
        programme=address(fund),  # nobody asks it here
        employment_secret=SecretStr(SECRET),
    )
    beneficiaries = BeneficiariesSettings.load(
        database=databases["beneficiaries"].url,
        keys=databases["keys"].url,
        master_key=b64encode(bytes(32)).decode(),
        passport_key=PUBLIC,
        audit_key=PRIVATE,
    )
    grants = GrantsSettings.load(
        database=databases["grants"].url,
        master_key=b64encode(bytes(32)).decode(),
        documents=tmp_path.as_uri(),
        passport_key=PUBLIC,
        audit_key=PRIVATE,
    )
    employment = settings_for(
        databases["employment"], *(address(one) for one in (door, desk, fund))
    )
    async with AsyncExitStack() as house:
        for app, taken in (
            (create_beneficiaries(beneficiaries), desk),
            (create_employment(employment), work),
            (create_grants(grants), fund),
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


async def test_one_agency_places_and_introduces_a_person_and_the_other_cannot(
    offices: dict[str, Office],
) -> None:
    north, south = offices["unicef"], offices["who"]
    mine = await north.made("/beneficiaries/registrations", source_id="U-1", **PERSON)
    theirs = await south.made("/beneficiaries/registrations", source_id="W-9", **PERSON)
    assert mine["person"] != theirs["person"]
    placed = await north.placed(mine["id"])
    assert placed.status_code == 201
    introduction = f"/employment/placements/{placed.json()['id']}/introduction"
    told = await north.made(introduction)
    assert (told["given"], told["family"]) == ("Mërgim", "Prekazi")
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
