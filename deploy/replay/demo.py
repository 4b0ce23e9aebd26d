"""The replay in the demo: its parties are clients that the gateway has enrolled."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from deploy import secrets
from deploy.replay.parties import Party, Reached
from deploy.replay.play import replay
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role

AGENCY: Final = Tenant(id="undp", kind="agency", name="UNDP")


@dataclass(frozen=True)
class Enrolled:
    """A cast that the gateway knows; secrets lie in a folder, as the demo's do."""

    gateway: str
    owner: str
    folder: Path
    http: httpx.AsyncClient
    reached: Reached = field(default_factory=Reached)

    async def staff(self, name: str, role: Role) -> Party:
        client = Client(id=f"{AGENCY.id}-{name}", roles=(role,))
        return await self._party(Enrolment(tenant=AGENCY, client=client))

    async def organisation(self, slug: str, key: str) -> Party:
        tenant = Tenant(id=slug, kind="organisation", name=slug)
        client = Client(id=f"{slug}-demo", roles=(Role.APPLICANT,), organisation=key)
        return await self._party(Enrolment(tenant=tenant, client=client))

    async def _party(self, enrolment: Enrolment) -> Party:
        connection = await asyncpg.connect(self.owner)
        try:
            async with connection.transaction():
                shown = await enrol(connection, [enrolment])
                for client, secret in shown.items():
                    secrets.write(self.folder / client, secret)
        finally:
            await connection.close()
        name = enrolment.client.id if enrolment.client else ""
        bearer = await self._bearer(name)
        return Party(self.http, name, lambda: bearer, self.reached)

    async def _bearer(self, client: str) -> Mapping[str, str]:
        secret = (self.folder / client).read_text(encoding="ascii")
        granted = await self.http.post(
            f"{self.gateway}/token",
            data={"grant_type": "client_credentials"},
            auth=(client, secret),
        )
        granted.raise_for_status()
        return {"authorization": f"Bearer {granted.json()['access_token']}"}


def load(gateway: str, owner: str, folder: Path) -> int:
    """Replay the programme's grants through the gateway; give how many there are."""
    return asyncio.run(_load(gateway, owner, folder))


async def _load(gateway: str, owner: str, folder: Path) -> int:
    async with httpx.AsyncClient(
        base_url=f"{gateway}/grants", timeout=60, trust_env=False
    ) as http:
        office = await replay(Enrolled(gateway, owner, folder, http))
    return len(office.awards)
