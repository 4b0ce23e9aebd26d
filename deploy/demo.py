"""The demo: six agencies and the registry desk, a client for each, and some people."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from deploy import population, secrets
from gateway.enrolment import Client, Enrolment, PurposeGrant, Tenant, enrol
from gateway.policy import Role
from services.kit.purposes import Purpose

AGENCIES: Final = ("unicef", "unfpa", "who", "ohchr", "undp", "unv")
DESK: Final = Tenant(id="registry-desk", kind="desk", name="Registry desk")
OFFICE: Final = (
    Role.REGISTRAR,
    Role.CASEWORKER,
    Role.PLACEMENT_OFFICER,
    Role.GRANTS_OFFICER,
    Role.REVIEWER,
    Role.AUDITOR,
)
# Who reads and enters the programme's results, and who looks after the machines.
UPKEEP: Final = {
    "undp-results": (Role.PROGRAMME_OFFICER,),
    "undp-upkeep": (Role.OPERATOR, Role.ANALYST),
}
PURPOSES: Final = (Purpose.ASSISTANCE, Purpose.EMPLOYMENT)
FIRST: Final = f"{AGENCIES[0]}-demo"


class DemoNotLoaded(Exception):  # noqa: N818 -- reads as the sentence it is
    """The gateway did not take the demo population."""


def enrolments() -> list[Enrolment]:
    """List who takes part; protection officers are clients of their own."""
    listed = [
        Enrolment(
            tenant=DESK,
            client=Client(id=f"{DESK.id}-demo", roles=(Role.REVIEWER, Role.AUDITOR)),
        )
    ]
    for agency in AGENCIES:
        tenant = Tenant(id=agency, kind="agency", name=agency.upper())
        officer = Client(id=f"{agency}-protection", roles=(Role.PROTECTION_OFFICER,))
        office = Client(id=f"{agency}-demo", roles=OFFICE, purposes=_purposes())
        others = (
            Client(id=name, roles=roles)
            for name, roles in UPKEEP.items()
            if name.startswith(f"{agency}-")
        )
        listed += [
            Enrolment(tenant=tenant, client=each) for each in (office, officer, *others)
        ]
    return listed


def _purposes() -> tuple[PurposeGrant, ...]:
    until = datetime.now(UTC) + timedelta(days=365)
    return tuple(PurposeGrant(purpose=each, until=until) for each in PURPOSES)


async def enrol_all(owner: str, folder: Path) -> bool:
    """Enrol whoever is missing, and tell whether anybody was.

    The secrets are written before the commit: a crash between loses none.
    """
    connection = await asyncpg.connect(owner)
    try:
        async with connection.transaction():
            shown = await enrol(connection, enrolments())
            for client, secret in shown.items():
                secrets.write(folder / client, secret)
    finally:
        await connection.close()
    return bool(shown)


def load(gateway: str, folder: Path) -> int:
    """Import each agency's people as its own client would; again, nothing changes."""
    try:
        with httpx.Client(base_url=gateway, timeout=60, trust_env=False) as http:
            return sum(_import(http, agency, folder) for agency in AGENCIES)
    except httpx.HTTPError as failure:
        sentence = f"The demo population was not loaded: {type(failure).__name__}."
        raise DemoNotLoaded(sentence) from None


def _import(http: httpx.Client, agency: str, folder: Path) -> int:
    client = f"{agency}-demo"
    secret = (folder / client).read_text(encoding="ascii")
    granted = http.post(
        "/token", data={"grant_type": "client_credentials"}, auth=(client, secret)
    )
    granted.raise_for_status()
    answer = http.post(
        "/beneficiaries/imports/rows",
        json={"rows": population.rows(agency)},
        headers={"authorization": f"Bearer {granted.json()['access_token']}"},
    )
    answer.raise_for_status()
    if any(row["outcome"] == "refused" for row in answer.json()):
        sentence = f"The demo population of {agency} was refused."
        raise DemoNotLoaded(sentence)
    return len(answer.json())
