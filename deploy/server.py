"""The PostgreSQL server under the processes: our embedded one, or one that is named."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import asyncpg

from deploy import secrets
from deploy.databases import DATABASES, provision
from deploy.migrate import MIGRATIONS, migrate
from deploy.postgres import Postgres
from deploy.state import State

SUPERUSER = secrets.SUPERUSER
THERE = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = ANY($1))"


class ServerNotUsable(Exception):  # noqa: N818 -- reads as the sentence it is
    """The server that is named cannot be reached, or does not obey."""


@dataclass(frozen=True)
class Server:
    """Where the databases are, and who may create them."""

    superuser: str
    embedded: Postgres | None = None

    def url(self, database: str, role: str, password: str) -> str:
        parts = urlsplit(self.superuser)
        place = parts.netloc.rpartition("@")[2]
        account = f"{quote(role, safe='')}:{quote(password, safe='')}"
        return parts._replace(netloc=f"{account}@{place}", path=f"/{database}").geturl()

    def require_alive(self) -> None:
        if self.embedded is not None and self.embedded.process.poll() is not None:
            sentence = "The database ended."
            raise ServerNotUsable(sentence)


@contextmanager
def usable() -> Iterator[None]:
    """Tell of a server's refusal by its kind alone; its own words may quote values."""
    try:
        yield
    except (OSError, TimeoutError, ValueError) as failure:
        reason = type(failure).__name__
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        reason = getattr(failure, "sqlstate", None) or type(failure).__name__
    else:
        return
    sentence = f"The PostgreSQL server cannot be used: {reason}. See URAMOST_POSTGRES."
    raise ServerNotUsable(sentence)


def databases_there(state: State, named: str | None) -> bool:
    """Whether an earlier start has left databases: their keys must be there too."""
    if named is None:
        return (state.postgres / "data").exists()
    with usable():
        return asyncio.run(_asked(named))


async def _asked(superuser: str) -> bool:
    connection = await asyncpg.connect(superuser, timeout=10)
    try:
        return bool(await connection.fetchval(THERE, DATABASES))
    finally:
        await connection.close()


def bring_up(server: Server, state: State) -> None:
    """Bring roles, databases and tables to where this code expects them."""
    secrets.derive(state.secrets, server.url)
    asyncio.run(_bring_up(server, state))


async def _bring_up(server: Server, state: State) -> None:
    passwords = secrets.passwords(state.secrets)
    with usable():
        await provision(server.superuser, passwords)
    for database in MIGRATIONS:
        owner = f"{database}_owner"
        await migrate(database, server.url(database, owner, passwords[owner]))
