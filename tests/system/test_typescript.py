"""A front-end team's way: generate the types, compile, and tell one full story."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from bench.clients import Client
from deploy import secrets
from deploy.demo import FIRST, OFFICE
from deploy.state import ROOT
from gateway.enrolment import Client as Enrolled
from gateway.enrolment import Enrolment, Tenant, enrol
from gateway.policy import Role
from tests.house import House, house

CLIENT: Final = ROOT / "clients/typescript"
INSTALLED: Final = CLIENT / "node_modules/.package-lock.json"
PATIENCE: Final = 120  # seconds, on a busy machine
UNICEF: Final = Tenant(id="unicef", kind="agency", name="UNICEF")
STAFF: Final[Mapping[str, tuple[Role, ...]]] = {
    FIRST: OFFICE,
    "unicef-ana": (Role.ASSESSOR,),
    "unicef-besa": (Role.ASSESSOR,),
}
ORGANISATIONS: Final = ("Most", "Ura")
PROCESSES: Final = ("gateway", "beneficiaries", "grants", "employment", "programme")


@pytest.fixture(scope="module")
def here() -> Iterator[House]:
    """Start as much of the house as the gateway needs to be ready."""
    with house(only=PROCESSES) as here:
        yield here


def run(*script: str, **told: str) -> None:
    """Run one of the client's own scripts, with the Node that is installed here."""
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(  # noqa: S603 -- our own scripts
        ["npm", "run", "--silent", *script],  # noqa: S607 -- found by the path above
        cwd=CLIENT,
        env=os.environ | {"PATH": here} | told,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


async def cast(here: House, folder: Path) -> None:
    """Let an operator enrol who takes part: an office, two assessors, both sides."""
    await enrolled(here, folder, *map(staff, STAFF))
    office = Client.of(here.gateway, folder, FIRST)
    for name in ORGANISATIONS:
        body = {"name": name, "kind": "cso", "municipality": "mitrovica-south"}
        recorded = await office.request("POST", "/grants/organisations", body)
        key = recorded.json()["organisation"]["id"]
        await enrolled(here, folder, itself(name.lower(), key))
    await office.close()


def staff(client: str) -> Enrolment:
    return Enrolment(tenant=UNICEF, client=Enrolled(id=client, roles=STAFF[client]))


def itself(name: str, key: str) -> Enrolment:
    return Enrolment(
        tenant=Tenant(id=name, kind="organisation", name=name),
        client=Enrolled(id=f"{name}-demo", roles=(Role.APPLICANT,), organisation=key),
    )


async def enrolled(here: House, folder: Path, *enrolments: Enrolment) -> None:
    owner = await asyncpg.connect(here.url("gateway", "gateway_owner"))
    try:
        for client, secret in (await enrol(owner, enrolments)).items():
            secrets.write(folder / client, secret)
    finally:
        await owner.close()


async def test_a_generated_client_tells_one_full_story(
    here: House, tmp_path: Path
) -> None:
    assert INSTALLED.exists(), "`make test` installs what the client needs"
    await cast(here, tmp_path)
    run("generate")
    run("check")
    run("story", URAMOST_GATEWAY=here.gateway, URAMOST_SECRETS=str(tmp_path))
