"""What the embedded server writes down: never a value of a row."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import Postgres
from tests.databases import FAST

PLANTED = "Planted-Hoxha-1987"
PEOPLE = """
    create table people (name text primary key, children int check (children > 0));
    insert into people values ('PLANTED', 1);
"""
FAILING = {
    "a unique violation": "insert into people values ('PLANTED', 1)",
    "a wrong type": "insert into people values ('other', 'PLANTED')",
    "a check": "insert into people values ('PLANTED, too', -1)",
    "a cast": "select 'PLANTED'::uuid",
    "an exception": "do $$ begin raise exception 'PLANTED'; end $$",
    "a warning": "do $$ begin raise warning 'PLANTED'; end $$; select 1 / 0",
}


def start(folder: Path) -> Postgres:
    return Postgres.start(folder, password="log", settings=FAST)


def logged(folder: Path) -> str:
    return (folder / "server.log").read_text()


async def test_no_failing_statement_puts_a_value_into_the_log(folder: Path) -> None:
    with start(folder) as server:
        connection = await asyncpg.connect(server.superuser)
        await connection.execute(PEOPLE.replace("PLANTED", PLANTED))
        for statement in FAILING.values():
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement.replace("PLANTED", PLANTED))
        # The control: what is said to the log is found in it.
        await connection.execute("do $$ begin raise log 'for the log'; end $$")
        await connection.close()
    assert "for the log" in logged(folder)
    assert PLANTED not in logged(folder)


async def test_no_failing_parameter_reaches_the_log(folder: Path) -> None:
    with start(folder) as server:
        connection = await asyncpg.connect(server.superuser)
        with pytest.raises(asyncpg.PostgresError, match=PLANTED):
            await connection.fetchval("select $1::text::uuid", PLANTED)
        await connection.close()
    assert PLANTED not in logged(folder)


async def test_a_backend_killed_amid_a_statement_does_not_log_it(folder: Path) -> None:
    with start(folder) as server:
        connection = await asyncpg.connect(server.superuser)
        backend = connection.get_server_pid()
        asyncio.get_running_loop().call_later(0.1, os.kill, backend, signal.SIGKILL)
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await connection.execute(
                f"do $$ begin perform pg_sleep(60); end $$ -- {PLANTED}"
            )
    log = logged(folder)
    assert "was terminated by signal 9" in log
    assert PLANTED not in log
