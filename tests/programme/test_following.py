"""The programme counts what happens in the three services, each real, over HTTP."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from gateway.app import create_app as create_gateway
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role
from gateway.settings import Settings as GatewaySettings
from services.beneficiaries.app import create_app as create_beneficiaries
from services.beneficiaries.settings import Settings as BeneficiariesSettings
from services.employment.app import create_app as create_employment
from services.employment.settings import Settings as EmploymentSettings
from services.grants.app import create_app as create_grants
from services.grants.settings import Settings as GrantsSettings
from services.programme.app import lifespan
from services.programme.settings import Settings
from tests.beneficiaries.conftest import registration
from tests.databases import Fresh, Freshly, ask
from tests.employment.neighbours import address, listening, serving
from tests.employment.test_trainings import COURSE, TEACHER
from tests.grants.test_plans import adopted
from tests.grants.world import World
from tests.passports import PRIVATE, PUBLIC
from tests.programme.conftest import INDICATOR, Officer

FOLLOWED = ("beneficiaries", "grants", "employment")
MASTER = b64encode(bytes(32)).decode()
SECRETS = {name: f"what {name} shows" for name in ("employment", "programme")}
KEYS = {"passport_key": PUBLIC, "audit_key": PRIVATE}
ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER, Role.GRANTS_OFFICER)
TOLD = "select count(*) from outbox where audience is null"
LAST = """
select to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
from outbox where audience is null order by position desc limit 1
"""
COUNTS = "select measure, total from count_total where total > 0"
HOW_FAR = "select feed, applied from following"
SOMEBODY_ELSE: dict[str, Any] = {
    "names": {"given": "Ana", "family": "Ilić"},
    "birth": {"value": "1971-11-30", "precision": "day"},
    "documents": [],
    "phones": [],
}
Json = dict[str, Any]


@dataclass
class House:
    """Everybody behind one door, and the programme, which can be away."""

    client: AsyncClient
    token: str
    grants: World
    databases: dict[str, Fresh]
    programme: FastAPI
    settings: Settings

    def following(self) -> AbstractAsyncContextManager[object]:
        return lifespan(self.settings)(self.programme)

    async def done(self, path: str, **body: object) -> Json:
        return await self.send("POST", path, body)

    async def send(self, method: str, path: str, body: Json) -> Json:
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        told: Json = answer.json() if answer.content else {}
        return told

    async def counted(self) -> dict[str, int]:
        """Give the counts, once all that the services told has been counted."""
        own = self.databases["programme"].superuser
        async with asyncio.timeout(60):
            while await self._told() != await rows(own, HOW_FAR):  # noqa: ASYNC110 -- the databases know, and tell nobody
                await asyncio.sleep(0.02)
        return await rows(own, COUNTS)

    async def _told(self) -> dict[str, Any]:
        urls = {name: self.databases[name].superuser for name in FOLLOWED}
        return {name: await ask(url, TOLD) for name, url in urls.items()}


async def rows(url: str, statement: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        return dict(await connection.fetch(statement))
    finally:
        await connection.close()


@pytest.fixture
async def house(
    fresh: Freshly, tmp_path: Path, assembled: FastAPI
) -> AsyncIterator[House]:
    names = (*FOLLOWED, "programme", "gateway", "keys")
    databases = {name: await fresh(name) for name in names}
    urls = {name: {"database": databases[name].url} for name in names}
    taken = {name: listening() for name in (*FOLLOWED, "gateway")}
    at = {name: address(one) for name, one in taken.items()}
    kept = databases["keys"].url
    people = BeneficiariesSettings.load(
        **urls["beneficiaries"], keys=kept, master_key=MASTER, **KEYS
    )
    funds = GrantsSettings.load(
        **urls["grants"], master_key=MASTER, documents=tmp_path.as_uri(), **KEYS
    )
    work = EmploymentSettings.load(
        **urls["employment"],
        **{name: at[name] for name in ("gateway", "beneficiaries", "grants")},
        exchange_secret=SECRETS["employment"],
        **KEYS,
    )
    programme = Settings.load(
        **urls["programme"], **at, exchange_secret=SECRETS["programme"], **KEYS
    )
    gateway = GatewaySettings.load(
        **urls["gateway"],
        **{name: at[name] for name in FOLLOWED},
        **dict.fromkeys(("token_key", "passport_key", "audit_key"), PRIVATE),
        **{f"{name}_secret": secret for name, secret in SECRETS.items()},
        issuer=at["gateway"],
        programme=at["grants"],  # nobody asks it through the door
        courier_secret="nobody's here",
        webhook_key=MASTER,
    )
    async with AsyncExitStack() as running:
        for name, app in (
            ("beneficiaries", create_beneficiaries(people)),
            ("grants", create_grants(funds)),
            ("employment", create_employment(work)),
            ("gateway", create_gateway(gateway)),
        ):
            await running.enter_async_context(serving(app, taken[name], "on"))
        client, direct = [
            await running.enter_async_context(AsyncClient(base_url=at[name]))
            for name in ("gateway", "grants")
        ]
        token = await enrolled(databases["gateway"].owner, client)
        world = World(direct)
        yield House(client, token, world, databases, assembled, programme)


async def enrolled(owner: str, client: AsyncClient) -> str:
    connection = await asyncpg.connect(owner)
    try:
        tenant = Tenant(id="unicef", kind="agency", name="UNICEF")
        somebody = Enrolment(tenant=tenant, client=Client(id="office", roles=ROLES))
        secret = (await enrol(connection, [somebody]))["office"]
    finally:
        await connection.close()
    form = {"grant_type": "client_credentials"}
    answer = await client.post("/token", data=form, auth=("office", secret))
    token: str = answer.json()["access_token"]
    return token


async def registered(house: House, source: str, **changed: object) -> str:
    body = registration(source_id=source, **changed)
    key: str = (await house.done("/beneficiaries/registrations", **body))["id"]
    return key


async def placed(house: House, somebody: str) -> str:
    """Let somebody start a job that has no end yet."""
    business = {"name": "Trepça Sh.A.", "kind": "business"}
    recorded = await house.done("/grants/organisations", **business)
    organisation = recorded["organisation"]["id"]
    employer = await house.done("/employment/employers", organisation=organisation)
    offered = {"title": "Elektricist", "occupation": "7411", "weekly_hours": 40}
    starts = {"starts_on": "2026-03-01"}
    vacancies = "/employment/vacancies"
    vacancy = await house.done(vacancies, employer=employer["id"], **offered, **starts)
    await house.done(f"{vacancies}/{vacancy['id']}/publication")
    about = {"vacancy": vacancy["id"], "registration": somebody, "status": "started"}
    consented = {"overlap_check_consented": True}
    made = await house.done("/employment/placements", **about, **consented, **starts)
    key: str = made["id"]
    return key


async def trained(house: House) -> None:
    key = (await house.done("/employment/trainings", **COURSE))["id"]
    at = f"/employment/trainings/{key}"
    session = await house.done(f"{at}/sessions", held_on="2026-04-01", hours=3)
    teacher = await house.done(f"{at}/participants", **TEACHER)
    attendance = f"/employment/training-sessions/{session['id']}/attendance"
    await house.send("PUT", attendance, {"participants": [teacher["id"]]})


async def test_what_is_done_in_the_three_services_is_counted_while_it_happens(
    house: House,
) -> None:
    async with house.following():
        one, same = [await registered(house, name) for name in ("S-1", "S-2")]
        await registered(house, "S-3", **SOMEBODY_ELSE)
        assert await house.counted() == {"people_reached": 2}
        placement = await placed(house, one)
        await trained(house)
        counts = {
            "people_reached": 2,
            "teacher_trainings_held": 1,
            "teachers_trained": 1,
        }
        assert await house.counted() == counts | {"long_term_placements": 1}
        over = {"status": "ended", "on": "2026-05-31", "why": "completed"}
        await house.done(f"/employment/placements/{placement}/steps", **over)
        counts |= {"short_term_placements": 1}
        assert await house.counted() == counts
        for key in (same, one):
            await house.done(f"/beneficiaries/registrations/{key}/withdrawal")
        assert await house.counted() == counts | {"people_reached": 1}
        await read(house)


async def read(house: House) -> None:
    """Read a count as an officer does, up to which event it is; and how far all are."""
    transport = ASGITransport(house.programme)
    async with AsyncClient(transport=transport, base_url="http://p") as client:
        officer = Officer(client, "undp")
        people = INDICATOR | {"unit": "people", "counted_as": "people_reached"}
        key = (await officer.made("/indicators", people))["id"]
        counted = (await officer.read(f"/indicators/{key}/result"))["counted"]
        far = await officer.read("/following")
        ready = (await client.get("/health/ready")).json()
    last = await ask(house.databases["beneficiaries"].superuser, LAST)
    assert (counted["value"], counted["up_to"]) == (1, last)
    assert [one["feed"] for one in far] == list(FOLLOWED)
    assert far[0]["last_event"] == last
    assert set(ready["behind"]) == set(FOLLOWED)


async def test_what_was_done_while_the_programme_was_away_is_counted_then(
    house: House,
) -> None:
    async with house.following():
        await registered(house, "S-1")
        assert await house.counted() == {"people_reached": 1}
    await registered(house, "S-2")
    await registered(house, "S-3", **SOMEBODY_ELSE)
    two = [await house.grants.organisation(one) for one in ("albanian", "serb")]
    await house.grants.granted(await house.grants.call(), *two)
    await adopted(house.grants.client)
    async with house.following():
        assert await house.counted() == {
            "people_reached": 2,
            "grants_awarded": 1,
            "economic_plans_adopted": 1,
        }
