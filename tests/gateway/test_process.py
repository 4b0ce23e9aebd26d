"""The gateway starts wholly or not at all, with one sentence that says why."""

import asyncio
import os
import sys

import asyncpg
import pytest
from httpx import AsyncClient, ConnectError

from tests.databases import Freshly
from tests.gateway.conftest import EXCHANGE_SECRET, ISSUER, KEYS
from tests.gateway.upstream import free_port

SERVICES = ("BENEFICIARIES", "GRANTS", "EMPLOYMENT")


def environment(database: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GATEWAY_DATABASE": database,
        "GATEWAY_PORT": str(port),
        "GATEWAY_ISSUER": ISSUER,
        "GATEWAY_EMPLOYMENT_SECRET": EXCHANGE_SECRET,
        **{f"GATEWAY_{name}": "http://127.0.0.1:1" for name in SERVICES},
        **{f"GATEWAY_{name.upper()}": key for name, key in KEYS.items()},
    }


async def started(told: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway"), env=told, stderr=asyncio.subprocess.PIPE
    )


async def ends(told: dict[str, str]) -> tuple[int, str]:
    process = await started(told)
    async with asyncio.timeout(20):
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


async def test_it_starts_answers_and_stops(fresh: Freshly) -> None:
    port = free_port()
    process = await started(environment((await fresh("gateway")).url, port))
    try:
        assert await up(port)
    finally:
        process.terminate()
        async with asyncio.timeout(15):
            _, said = await process.communicate()
    assert said == b""


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
