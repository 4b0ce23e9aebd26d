"""One request, one transaction: committed before the answer, narrowed to the agency."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy.exc import DBAPIError, ProgrammingError

from deploy.postgres import Postgres
from services.kit.database import LOST, Database, answer_outages
from services.kit.ddl import AUDIT_1
from services.kit.http import Guarded
from services.kit.refusals import Unavailable
from tests.databases import FAST, Fresh, ask, execute, roomy_folder
from tests.kit.conftest import NOTES, Note, agency, note, office_on, speaking

WRITES = ["/notes", "/notes/by-session"]
SEEN = "select count(*) from note"


async def count(database: Fresh, of: str = "note") -> object:
    return await ask(database.superuser, f"select count(*) from {of}")


@pytest.mark.parametrize("path", WRITES)
async def test_what_was_answered_is_committed(
    client: AsyncClient, database: Fresh, path: str
) -> None:
    written = await client.post(path, json=note())
    assert written.status_code == 201
    assert await count(database) == 1


@pytest.mark.parametrize("path", WRITES)
async def test_a_commit_that_fails_is_never_answered_as_done(
    office: FastAPI, database: Fresh, path: str
) -> None:
    """The text's uniqueness is deferred, so that only the commit can fail."""
    sent = note()
    async with speaking(Guarded(office)) as client:
        assert (await client.post(path, json=sent)).status_code == 201
        refused = await client.post(path, json=sent)
        assert refused.status_code == 500
        assert sent["text"] not in refused.text
        assert (await client.post(path, json=note())).status_code == 201
    assert await count(database) == 2


async def test_a_failed_commit_takes_its_audit_entry_with_it(
    office: FastAPI, database: Fresh
) -> None:
    sent = note()
    async with speaking(Guarded(office)) as client:
        for _ in range(2):
            await client.post("/notes", json=sent)
    assert await count(database, "audit_entry") == 1


@pytest.mark.parametrize("path", WRITES)
async def test_a_session_sees_the_rows_of_its_agency_alone(
    client: AsyncClient, path: str
) -> None:
    sent = note()
    await client.post(path, json=sent)
    assert (await client.get("/notes")).json() == [sent["text"]]
    assert (await client.get("/notes", headers=agency("who"))).json() == []


@pytest.mark.parametrize("setting", ["reset app.agency", "set app.agency = ''"])
async def test_a_connection_that_names_no_agency_sees_and_writes_nothing(
    client: AsyncClient, database: Fresh, setting: str
) -> None:
    await client.post("/notes", json=note())
    assert await ask(database.url, SEEN) == 0
    connection = await asyncpg.connect(database.url)
    try:
        await connection.execute(setting)
        assert await connection.fetchval(SEEN) == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "insert into note (agency, text) values ('unicef', 'x')"
            )
        async with connection.transaction():
            await connection.execute("set local app.agency = 'unicef'")
            assert await connection.fetchval(SEEN) == 1
        assert await connection.fetchval(SEEN) == 0  # set, once, and empty again
    finally:
        await connection.close()


async def test_an_agency_cannot_write_rows_of_another(database: Fresh) -> None:
    async with Database.connect(database.url, most=1) as connections:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connections.statements("who") as connection:
                await connection.execute(
                    "insert into note (agency, text) values ('unicef', 'x')"
                )
        async with connections.statements("who") as connection:
            assert await connection.fetchval(SEEN) == 0


async def test_an_error_of_a_session_repeats_no_parameter(database: Fresh) -> None:
    async with Database.connect(database.url, most=1) as connections:
        with pytest.raises(ProgrammingError) as error:
            async with connections.session("who") as session:
                session.add(Note(agency="unicef", text="Kanarinjo"))
    assert "row-level security" in str(error.value)
    assert "Kanarinjo" not in str(error.value)


@pytest.mark.parametrize("name", ["", "UNICEF", "a'b", "who; select 1", "x" * 41])
async def test_an_agency_s_name_is_no_sql(database: Fresh, name: str) -> None:
    async with Database.connect(database.url, most=1) as connections:
        with pytest.raises(ValueError, match=r".*"):
            async with connections.statements(name):
                pytest.fail("it was let in")


async def test_an_abandoned_request_leaves_its_connection_clean(
    database: Fresh,
) -> None:
    """Each connection is used again without a reset, so nothing may stay on it."""
    async with Database.connect(database.url, most=1) as connections:
        for delay in (0.0, 0.0005, 0.001, 0.002, 0.05):
            work = asyncio.create_task(abandoned(connections))
            await asyncio.sleep(delay)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            async with connections.pool.acquire() as connection:
                assert not connection.is_in_transaction()
                assert await connection.fetchval(SEEN) == 0
    assert await count(database) == 0


async def abandoned(connections: Database) -> None:
    async with connections.statements("unicef") as connection:
        await connection.execute("insert into note (text) values ('abandoned')")
        await connection.execute("select pg_sleep(10)")


async def test_the_process_owns_nothing_and_bypasses_nothing(database: Fresh) -> None:
    owned = "select count(*) from pg_class where pg_get_userbyid(relowner) = 'grants'"
    assert await ask(database.url, owned) == 0
    for forbidden in (
        "alter table note disable row level security",
        "drop table note",
        "create table mine (id int)",
        "truncate note",
        "set role grants_owner",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await execute(database.url, forbidden)


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    folder: Path = roomy_folder()
    with Postgres.start(folder, password="own", settings=FAST) as server:
        yield server
    shutil.rmtree(folder)


@pytest.fixture
async def on_own_server(own_server: Postgres) -> AsyncIterator[FastAPI]:
    await execute(own_server.superuser, "create role grants;" + AUDIT_1 + NOTES)
    app = office_on(own_server.superuser)
    async with app.router.lifespan_context(app):
        yield app


def unavailable(answer: Response) -> bool:
    told = answer.json().items() >= Unavailable().problem().items()
    return answer.status_code == 503 and told and answer.headers["retry-after"] == "1"


async def test_a_lost_database_is_a_503_that_invites_to_try_again(
    own_server: Postgres, on_own_server: FastAPI
) -> None:
    async with speaking(on_own_server) as client:
        for path in WRITES:
            assert (await client.post(path, json=note())).status_code == 201
        own_server.process.send_signal(signal.SIGQUIT)  # and with it every backend
        own_server.process.wait()
        for path in WRITES * 2:
            assert unavailable(await client.post(path, json=note())), path
        assert unavailable(await client.get("/notes"))
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["status"] == "down"
        assert ready.json()["parts"]["database"] is False


def made(kind: type[Exception]) -> Exception:
    """SQLAlchemy's own tell a statement and what was given to it, too."""
    if issubclass(kind, DBAPIError):
        return kind("select", None, ConnectionResetError(), connection_invalidated=True)
    return kind("lost")


def losing(failure: Exception) -> FastAPI:
    app = FastAPI()
    answer_outages(app)

    @app.get("/")
    async def lose() -> None:
        raise failure

    return app


@pytest.mark.parametrize("kind", LOST)
async def test_wherever_the_database_is_lost_it_is_a_503(
    kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """Beside the two ways to a transaction, too: streams, waits, and dependencies."""
    async with speaking(losing(made(kind))) as client:
        assert unavailable(await client.get("/"))
    assert f"The database is away: {kind.__name__} in lose" in caplog.text


async def test_a_statement_that_is_wrong_is_no_outage() -> None:
    wrong = ProgrammingError("select", None, ValueError())
    async with speaking(losing(wrong)) as client:
        with pytest.raises(ProgrammingError):
            await client.get("/")
