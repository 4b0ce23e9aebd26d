"""The whole way: the gateway and the three services, each real, over HTTP."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

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
    "phones": ["+38344123456"],
    "documents": [{"kind": "personal_number", "number": "1002003007", "country": "XK"}],
}


@dataclass(frozen=True)
class Office:
    """One tenant's system outside the gateway."""

    client: AsyncClient
    token: str

    async def get(self, path: str) -> Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.client.get(path, headers=headers)

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


@dataclass(frozen=True)
class Door:
    """The gateway, and whose enrolment it reads."""

    client: AsyncClient
    owner: str

    async def enter(
        self, name: str, *roles: Role, organisation: UUID | None = None
    ) -> Office:
        """Enrol an agency or an organisation, and let its system in."""
        kind: Literal["organisation", "agency"] = (
            "organisation" if organisation else "agency"
        )
        asked = Enrolment(
            tenant=Tenant(id=name, kind=kind, name=name),
            client=Client(id=name, roles=roles, organisation=organisation),
        )
        connection = await asyncpg.connect(self.owner)
        try:
            shown = await enrol(connection, [asked])
        finally:
            await connection.close()
        return Office(self.client, await token(self.client, name, shown[name]))


@pytest.fixture
async def offices(door: Door) -> dict[str, Office]:
    return {name: await door.enter(name, *ROLES) for name in ("unicef", "who")}


@pytest.fixture
async def door(fresh: Freshly, tmp_path: Path) -> AsyncIterator[Door]:
    databases = {
        name: await fresh(name)
        for name in ("gateway", "beneficiaries", "keys", "grants", "employment")
    }
    gate, desk, work, fund = (listening() for _ in range(4))
    gateway = GatewaySettings.load(
        database=databases["gateway"].url,
        token_key=PRIVATE,
        passport_key=PRIVATE,
        audit_key=PRIVATE,
        issuer=address(gate),
        beneficiaries=address(desk),
        grants=address(fund),
        employment=address(work),
        programme=address(fund),  # nobody asks it here
        employment_secret=SecretStr(SECRET),
        programme_secret=SecretStr("nobody's here"),
        courier_secret=SecretStr("nobody's here"),
        webhook_key=b64encode(bytes(32)).decode(),
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
        databases["employment"], *(address(one) for one in (gate, desk, fund))
    )
    async with AsyncExitStack() as house:
        for app, taken in (
            (create_beneficiaries(beneficiaries), desk),
            (create_employment(employment), work),
            (create_grants(grants), fund),
            (create_gateway(gateway), gate),
        ):
            await house.enter_async_context(serving(app, taken, "on"))
        client = await house.enter_async_context(AsyncClient(base_url=address(gate)))
        yield Door(client, databases["gateway"].owner)


async def token(client: AsyncClient, name: str, secret: str) -> str:
    form = {"grant_type": "client_credentials"}
    answer = await client.post("/token", data=form, auth=(name, secret))
    assert answer.status_code == 200, answer.text
    issued: str = answer.json()["access_token"]
    return issued


async def test_one_agency_places_a_person_and_the_other_cannot(
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


async def test_the_employer_alone_reads_who_was_introduced_until_consent_is_taken_back(
    door: Door, offices: dict[str, Office]
) -> None:
    north = offices["unicef"]
    mine = await north.made("/beneficiaries/registrations", source_id="U-1", **PERSON)
    placement = (await north.placed(mine["id"])).json()["id"]
    introduction = f"/employment/placements/{placement}/introduction"
    refused = await north.post(introduction)
    assert refused.json()["type"] == "urn:uramost:problem:not-agreed"
    consents = f"/beneficiaries/registrations/{mine['id']}/consents"
    purpose = {"purpose": "employment", "until": "2999-01-01T00:00:00Z"}
    consent = await north.made(consents, **purpose)
    made = await north.made(introduction, phones=True)
    organisation = UUID(made["organisation"])
    mill = await door.enter("mill", Role.APPLICANT, organisation=organisation)
    other = await door.enter("other", Role.APPLICANT, organisation=uuid4())
    path = f"/employment/candidates/{placement}/introduction"
    told = (await mill.get(path)).json()
    assert (told["given"], told["family"]) == ("Mërgim", "Prekazi")
    assert told["phones"] == PERSON["phones"]
    strangers = [
        (await other.get(path)).status_code,
        (await north.get(path)).status_code,
    ]
    assert strangers == [404, 403]
    sealed = f"/beneficiaries/registrations/{mine['id']}/introductions"
    for inside in (sealed, f"{sealed}/redemption"):  # the door knows no such operation
        assert (await mill.post(inside)).status_code == 404
    taken_back = f"/beneficiaries/consents/{consent['id']}/withdrawal"
    assert (await north.post(taken_back)).status_code == 204
    assert (await mill.get(path)).status_code == 404


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
