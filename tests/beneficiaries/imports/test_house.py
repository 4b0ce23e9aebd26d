"""The whole house: a worker killed again and again, and an import that is followed."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from httpx import AsyncClient

from gateway.policy import Role
from tests.beneficiaries.imports.conftest import Json, csv, people
from tests.databases import ask
from tests.house import House, house

ROWS = 4_000
IMPORTS = "/beneficiaries/imports"


@pytest.fixture(scope="module")
def here() -> Iterator[House]:
    with house() as here:
        yield here


@asynccontextmanager
async def registrar(here: House) -> AsyncIterator[AsyncClient]:
    """Enrol an agency's registrar and let it speak to the gateway."""
    await here.enrol("unicef", "unicef-import", [Role.REGISTRAR])
    [client] = here.clients
    await client.get(IMPORTS)  # fetches a token
    bearer = {"authorization": client._token.decode()}  # noqa: SLF001 -- it has no other use
    async with AsyncClient(base_url=here.gateway, headers=bearer, timeout=60) as http:
        yield http
    await client.close()


async def events(http: AsyncClient, key: str) -> AsyncIterator[Json]:
    async with http.stream("GET", f"{IMPORTS}/{key}/events") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


async def killed_while(here: House, http: AsyncClient, key: str, rows: int) -> None:
    """Kill the worker without a word once so many rows are recorded."""
    while (await http.get(f"{IMPORTS}/{key}")).json()["recorded"] < rows:  # noqa: ASYNC110 -- another process is watched
        await asyncio.sleep(0.02)
    here.kill("imports")
    here.start("imports")


async def test_a_killed_worker_loses_and_doubles_nothing_and_is_followed(
    here: House,
) -> None:
    async with registrar(here) as http:
        kind = {"content-type": "text/csv"}
        file = csv(*people(ROWS), "U-bad")
        key = (await http.post(IMPORTS, content=file, headers=kind)).json()["id"]
        for rows in (1, ROWS // 4):
            await killed_while(here, http, key, rows)
        seen = [one async for one in events(http, key)]
    counts = [one["recorded"] for one in seen]
    assert counts == sorted(counts)
    assert len(seen) > 2  # it was seen as it went on, not at its end alone
    last = seen[-1]
    assert (last["state"], last["recorded"], last["refused"]) == ("accepted", ROWS, 1)
    assert last["unchanged"] == 0  # no batch was recorded a second time
    assert await on_record(here) == ROWS


async def on_record(here: House) -> int:
    url = here.url("beneficiaries", "beneficiaries_owner")
    statement = (
        "select count(distinct target) from audit_entry"
        " where act = 'registration:record'"
    )
    recorded = await ask(url, statement)
    assert isinstance(recorded, int)
    return recorded
