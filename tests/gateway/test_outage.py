"""Without its database the gateway answers nothing, and recovers once it is back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import asyncpg
import pytest

from gateway.audit import Writer
from gateway.policy import Role
from services.kit.audit import Entry
from services.kit.beside import beside
from services.kit.refusals import Unavailable
from tests.databases import Fresh, Freshly
from tests.gateway.conftest import House
from tests.gateway.upstream import serving_raw

PLACES = "/beneficiaries/places"
ENDED = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = $1 and usename = 'gateway'
"""


@asynccontextmanager
async def gone(house: House) -> AsyncIterator[None]:
    """Take the gateway's database away, and give it back."""
    name = house.database.name
    elsewhere = house.database.superuser.replace(f"/{name}", "/postgres")
    connection = await asyncpg.connect(elsewhere)
    await connection.execute(f"alter database {name} allow_connections false")
    await connection.execute(ENDED, name)
    yield
    await connection.execute(f"alter database {name} allow_connections true")
    await connection.close()


async def test_nothing_is_answered_that_cannot_be_audited(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    async with gone(house):
        first = await house.client.get(PLACES, headers=bearer)
        heard = len(house.echo.seen)
        for _ in range(3):
            later = await house.client.get(PLACES, headers=bearer)
            stranger = await house.client.get(PLACES)
            page = await house.client.get("/docs")
            for answer in (first, later, stranger, page):
                assert answer.status_code == 503
                assert answer.json()["type"] == "urn:uramost:problem:unavailable"
        assert len(house.echo.seen) == heard  # known to be gone: nothing is forwarded
    assert await recovers(house, bearer)


async def recovers(house: House, bearer: dict[str, str]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if (await house.client.get(PLACES, headers=bearer)).status_code == 200:
            return True
        await asyncio.sleep(0.05)
    return False


@dataclass
class Between:
    """Between a client and its database: silent or lingering, as it is told."""

    database: str
    speaks: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    may_close: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        heard, said = await connected(self.database)
        asking = asyncio.create_task(self._pass_on(reader, said))
        await self._pass_on(heard, writer)
        self.ended.set()
        await self.may_close.wait()
        asking.cancel()
        said.close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(65_536):
            await self.speaks.wait()
            writer.write(piece)


async def connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    if folder := parse_qs(parts.query).get("host"):
        return await asyncio.open_unix_connection(f"{folder[0]}/.s.PGSQL.5432")
    return await asyncio.open_connection(parts.hostname, parts.port or 5432)


@dataclass
class Audited:
    """A writer of the audit with a single connection, and what is between."""

    writer: Writer
    between: Between
    blind: asyncio.Event
    database: Fresh


@pytest.fixture
async def audited(fresh: Freshly) -> AsyncIterator[Audited]:
    database = await fresh("gateway")
    between, blind = Between(database.url), asyncio.Event()
    between.speaks.set()
    async with serving_raw(between) as where, pool_at(database, where) as pool:
        writer = Writer(blind.set)
        async with beside(writer.run(pool)):
            yield Audited(writer, between, blind, database)
            between.speaks.set()
            between.may_close.set()


@asynccontextmanager
async def pool_at(database: Fresh, where: str) -> AsyncIterator[asyncpg.Pool]:
    """Keep one connection to a database, by way of somebody else."""
    parts = urlsplit(where)
    pool = await asyncpg.create_pool(
        database.url,
        host=parts.hostname,
        port=parts.port,
        ssl=False,
        min_size=1,
        max_size=1,
    )
    try:
        yield pool
    finally:
        pool.terminate()  # to close it would wait for who no longer answers


async def test_a_connection_that_ends_in_two_steps_does_not_end_the_audit(
    audited: Audited,
) -> None:
    """The server has said that it ends, its socket is open still: asyncpg's worst."""
    await audited.writer.write(Entry(uuid4(), "before", None))
    superuser = await asyncpg.connect(audited.database.superuser)
    await superuser.fetch(ENDED, audited.database.name)
    await audited.between.ended.wait()
    await asyncio.sleep(0.1)  # until asyncpg has read it
    with pytest.raises(Unavailable):
        await audited.writer.write(Entry(uuid4(), "meanwhile", None))
    assert audited.blind.is_set()
    audited.between.may_close.set()
    await eventually(audited.writer, Entry(uuid4(), "after", None))
    acts = await superuser.fetch("select act from audit_entry order by id")
    assert [row["act"] for row in acts] == ["before", "after"]
    await superuser.close()


async def test_a_database_that_falls_silent_does_not_keep_anybody_waiting(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.audit.PATIENCE", 0.2)
    await audited.writer.write(Entry(uuid4(), "before", None))
    audited.between.speaks.clear()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await audited.writer.write(Entry(uuid4(), "meanwhile", None))
    audited.between.speaks.set()
    audited.between.may_close.set()
    await eventually(audited.writer, Entry(uuid4(), "after", None))


async def eventually(writer: Writer, entry: Entry) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                return await writer.write(entry)
            except Unavailable:
                await asyncio.sleep(0.05)
