"""The work goes on wherever it stopped: nothing is lost, nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job as Queued
from pgqueuer.domain.models import TracebackRecord

from services.beneficiaries.imports import reading
from services.beneficiaries.imports.accepting import Accepting
from services.beneficiaries.imports.jobs import queries
from services.beneficiaries.imports.worker import Worker
from tests.beneficiaries.imports.conftest import Sender, csv, people
from tests.databases import Fresh, ask

CANARY = "Kanarinjo"
FILE = csv(*["U-99"] * 10, *people(60))
ALL = {"state": "accepted", "rows": 70, "recorded": 60, "refused": 10, "unchanged": 0}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS", 5)


async def broken_off(unicef: Sender, key: str, table: str, after: int) -> None:
    """Let a worker begin, and end it without a word once a table has so many rows."""
    url = unicef.worker.depot.database
    task = asyncio.create_task(unicef.worker.work("unicef", UUID(key)))
    while not task.done():
        async with url.statements("unicef") as connection:
            found = await connection.fetchval(f"select count(*) from {table}")
        if found >= after:
            task.cancel()
        await asyncio.sleep(0.001)
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("table", ["import_batch", "registration"])
async def test_another_worker_goes_on_where_one_was_broken_off(
    unicef: Sender, table: str
) -> None:
    key = (await unicef.send(FILE)).json()["id"]
    await broken_off(unicef, key, table, 10 if table == "registration" else 3)
    stopped = await unicef.read(key)
    assert stopped["state"] in {"received", "checked", "linked"}
    done = await unicef.work(key)
    assert {name: done[name] for name in ALL} == ALL
    assert len(await unicef.registrations()) == 60
    assert len(await unicef.refused(key)) == 11


async def test_two_workers_at_one_import_do_nothing_twice(
    unicef: Sender, app: FastAPI
) -> None:
    key = (await unicef.send(FILE)).json()["id"]
    both = (unicef.worker, Worker(app.state.depot))
    await asyncio.gather(
        *(one.work("unicef", UUID(key)) for one in both), return_exceptions=True
    )
    done = await unicef.work(key)
    assert {name: done[name] for name in ALL} == ALL
    assert len(await unicef.registrations()) == 60


@pytest.fixture
async def working(app: FastAPI) -> AsyncIterator[Worker]:
    worker = Worker(app.state.depot)
    async with worker.running():
        yield worker


async def ended(unicef: Sender, key: str) -> str:
    """Look until the work is over: only the import itself tells."""
    async with asyncio.timeout(60):
        while True:
            state: str = (await unicef.read(key))["state"]
            if state not in {"received", "checked", "linked"}:
                return state
            await asyncio.sleep(0.05)


async def test_the_queue_brings_an_import_to_a_worker(
    unicef: Sender, working: Worker
) -> None:
    key = (await unicef.send(csv(*people(7)))).json()["id"]
    assert await ended(unicef, key) == "accepted"
    assert await working.working()
    async with asyncio.timeout(60):  # nothing was refused: nothing need be kept
        while (await unicef.read(key))["destroyed_at"] is None:  # noqa: ASYNC110 -- only the import tells
            await asyncio.sleep(0.05)


async def test_a_job_that_fails_is_tried_again_and_says_nothing_of_a_row(
    unicef: Sender,
    app: FastAPI,
    databases: dict[str, Fresh],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails = iter([True])

    async def link(self: Accepting) -> None:
        if next(fails, False):
            raise ValueError(CANARY)
        await linked(self)

    linked = Accepting.link
    monkeypatch.setattr(Accepting, "link", link)
    key = (await unicef.send(csv(*people(3)))).json()["id"]
    async with Worker(app.state.depot).running():
        assert await ended(unicef, key) == "accepted"
    assert "A job failed: ValueError" in caplog.text
    told = "select string_agg(l::text, ' ') from queue.pgqueuer_log l"
    logged = str(await ask(databases["beneficiaries"].superuser, told))
    assert "RetryRequested" in logged
    assert CANARY not in caplog.text + logged


async def test_an_orderly_stop_amid_a_job_leaves_it_to_the_next_worker(
    unicef: Sender, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, linked = asyncio.Event(), Accepting.link

    async def link(self: Accepting) -> None:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        await linked(self)

    monkeypatch.setattr(Accepting, "link", link)
    key = (await unicef.send(csv(*people(3)))).json()["id"]
    async with Worker(app.state.depot).running():
        await begun.wait()
    assert (await unicef.read(key))["state"] == "checked"
    async with Worker(app.state.depot).running():
        assert await ended(unicef, key) == "accepted"


async def test_a_job_that_could_not_even_be_put_back_is_taken_up_again(
    unicef: Sender, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, (linked, put_back) = iter([True] * 2), (Accepting.link, Queries.retry_job)

    async def link(self: Accepting) -> None:
        if next(away, False):
            raise OSError
        await linked(self)

    async def retry_job(
        self: Queries, job: Queued, delay: timedelta, trace: TracebackRecord
    ) -> None:
        if next(away, False):
            raise OSError
        await put_back(self, job, delay, trace)

    monkeypatch.setattr(Accepting, "link", link)
    monkeypatch.setattr(Queries, "retry_job", retry_job)
    monkeypatch.setattr("services.beneficiaries.imports.worker.HELD", 0.1)
    key = (await unicef.send(csv(*people(3)))).json()["id"]
    async with Worker(app.state.depot).running():
        assert await ended(unicef, key) == "accepted"
    assert next(away, None) is None


async def test_the_queue_is_as_its_library_wants_it(
    databases: dict[str, Fresh],
) -> None:
    connection = await asyncpg.connect(databases["beneficiaries"].owner)
    plan = await queries(AsyncpgDriver(connection)).plan_upgrade()
    await connection.close()
    assert plan.statements == ()


async def test_nothing_of_a_file_lies_in_the_clear(
    unicef: Sender, databases: dict[str, Fresh]
) -> None:
    row = f"U-{CANARY},{CANARY},{CANARY},1990,{CANARY},{CANARY}"
    header = f"source_id,given,family,birth,sex,document_number,{CANARY}"
    await unicef.imported(csv(row, f"{row},x"))
    await unicef.imported(csv(row, header=header))
    connection = await asyncpg.connect(databases["beneficiaries"].superuser)
    tables = await connection.fetch(
        "select schemaname || '.' || relname from pg_stat_user_tables"
    )
    for (table,) in tables:
        for (text,) in await connection.fetch(f"select t::text from {table} t"):
            assert CANARY not in text
            assert CANARY.encode().hex() not in text
    await connection.close()
    assert len(tables) > 15
