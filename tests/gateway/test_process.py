"""The gateway starts wholly or not at all, with one sentence that says why."""

import asyncio
import os
import sys

import asyncpg
import pytest
from httpx import AsyncClient, ConnectError, Response

from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role
from tests.databases import Freshly
from tests.gateway.conftest import (
    COURIER_SECRET,
    EXCHANGE_SECRET,
    ISSUER,
    KEYS,
    PROGRAMME_SECRET,
)
from tests.gateway.upstream import Echo, free_port, serving

SERVICES = ("BENEFICIARIES", "GRANTS", "EMPLOYMENT", "PROGRAMME")


def environment(database: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GATEWAY_DATABASE": database,
        "GATEWAY_PORT": str(port),
        "GATEWAY_ISSUER": ISSUER,
        "GATEWAY_EMPLOYMENT_SECRET": EXCHANGE_SECRET,
        "GATEWAY_PROGRAMME_SECRET": PROGRAMME_SECRET,
        "GATEWAY_COURIER_SECRET": COURIER_SECRET,
        **{f"GATEWAY_{name}": "http://127.0.0.1:1" for name in SERVICES},
        **{f"GATEWAY_{name.upper()}": key for name, key in KEYS.items()},
    }


async def started(told: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway"), env=told, stderr=asyncio.subprocess.PIPE
    )


async def ends(told: dict[str, str]) -> tuple[int, str]:
    process = await started(told)
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def up(port: int) -> bool:
    async with AsyncClient() as client:
        for _ in range(200):
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health/live")
            except ConnectError:
                await asyncio.sleep(0.05)
            else:
                return answer.status_code == 200
    return False


async def test_it_starts_forwards_and_stops(fresh: Freshly) -> None:
    """As a process it runs on another event loop than the other tests do."""
    port, database = free_port(), await fresh("gateway")
    secret = await enrolled(database.owner)
    async with serving(Echo(streamed=100)) as upstream:
        told = environment(database.url, port)
        process = await started(told | {"GATEWAY_BENEFICIARIES": upstream})
        try:
            assert await up(port)
            answers = await asked(f"http://127.0.0.1:{port}", secret)
            assert [answer.status_code for answer in answers] == [200, 200, 200]
        finally:
            said = await stopped(process)
    assert said == b""


async def enrolled(owner: str) -> str:
    tenant = Tenant(id="north", kind="agency", name="North")
    client = Client(id="registrar", roles=(Role.REGISTRAR,))
    connection = await asyncpg.connect(owner)
    shown = await enrol(connection, [Enrolment(tenant=tenant, client=client)])
    await connection.close()
    return shown["registrar"]


async def asked(url: str, secret: str) -> tuple[Response, Response, Response]:
    form = {"grant_type": "client_credentials"}
    async with AsyncClient(base_url=url, timeout=60) as client:
        token = await client.post("/token", data=form, auth=("registrar", secret))
        bearer = {"authorization": f"Bearer {token.json()['access_token']}"}
        path = "/beneficiaries/registrations"
        written = await client.post(path, content=bytes(2**22), headers=bearer)
        return token, written, await client.get(path, headers=bearer)


async def stopped(process: asyncio.subprocess.Process) -> bytes:
    process.terminate()
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    return said


@pytest.mark.parametrize("missing", ["GATEWAY_TOKEN_KEY", "GATEWAY_ISSUER"])
async def test_a_missing_setting_is_named(missing: str, fresh: Freshly) -> None:
    told = environment((await fresh("gateway")).url, free_port())
    del told[missing]
    status, said = await ends(told)
    assert (status, missing in said) == (1, True)
    assert len(said.splitlines()) == 1


async def test_what_is_no_key_is_told_and_not_shown(fresh: Freshly) -> None:
    told = environment((await fresh("gateway")).url, free_port())
    status, said = await ends(told | {"GATEWAY_PASSPORT_KEY": "no such thing"})
    assert (status, "P-256" in said, "no such thing" in said) == (1, True, False)


async def test_a_database_behind_is_not_worked_on(fresh: Freshly) -> None:
    database = await fresh("gateway")
    owner = await asyncpg.connect(database.owner)
    await owner.execute("update alembic_version set version_num = '0000'")
    await owner.close()
    status, said = await ends(environment(database.url, free_port()))
    assert (status, "0000" in said) == (1, True)
