"""The databases of the tests: one server a session, one fresh copy a test."""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import pytest

from deploy.databases import DATABASES, ROLES, closing, provision
from deploy.migrate import MIGRATIONS, migrate
from deploy.postgres import Postgres

# The same in every session, so that several may share the server that is named.
PASSWORDS = {role: f"test-{role}" for role in ROLES}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",  # in the data, so that nothing is left over
}
PREFIX = "uramost-tests-"
ENOUGH = 2**30  # bytes of shared memory; containers often have 64 MB only
LONGEST_SESSION = 3600.0  # seconds


@dataclass(frozen=True)
class Fresh:
    """A database nobody else uses: as its process, its owner and the superuser."""

    name: str
    url: str
    owner: str
    superuser: str


Freshly = Callable[[str], Awaitable[Fresh]]


@dataclass(frozen=True)
class Templates:
    """The migrated databases that the fresh ones are copied from."""

    suffix: str
    superuser: str
    connection: asyncpg.Connection

    async def copy(self, database: str) -> Fresh:
        name = f"{database}_{secrets.token_hex(4)}"
        await self.connection.execute(
            f"CREATE DATABASE {name} TEMPLATE {database}{self.suffix}"
            f" STRATEGY FILE_COPY OWNER {database}_owner"
        )
        await self.connection.execute(";".join(closing(database, name)))
        return self.fresh(database, name)

    def fresh(self, database: str, name: str) -> Fresh:
        return Fresh(
            name,
            addressed(self.superuser, name, database),
            addressed(self.superuser, name, f"{database}_owner"),
            addressed(self.superuser, name),
        )

    async def drop(self, name: str) -> None:
        await self.connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def addressed(superuser: str, name: str, role: str | None = None) -> str:
    """Give the superuser's URL for another database and, with its password, a role."""
    parts = urlsplit(superuser)
    account, _, place = parts.netloc.rpartition("@")
    if role is not None:
        account = f"{role}:{quote(PASSWORDS[role], safe='')}"
    return parts._replace(netloc=f"{account}@{place}", path=f"/{name}").geturl()


async def execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def ask(url: str, statement: str, *values: object) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The superuser's URL of the named server, or of an embedded one in memory."""
    named = os.environ.get("URAMOST_TEST_POSTGRES")
    if named:
        yield named
        return
    folder = roomy_folder()
    try:
        password = secrets.token_hex()
        with Postgres.start(folder, password=password, settings=FAST) as postgres:
            yield postgres.superuser
    finally:
        shutil.rmtree(folder)


def roomy_folder() -> Path:
    # Not pytest's own folder: it is closed, and as root the server is somebody else.
    place = Path("/dev/shm")  # noqa: S108 -- in it a folder with a random name
    if not place.is_dir() or shutil.disk_usage(place).free < ENOUGH:
        place = Path(tempfile.gettempdir())
    for left in place.glob(f"{PREFIX}*/lock"):
        _remove_if_abandoned(left)
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))


def _remove_if_abandoned(held: Path) -> None:
    """Free the memory of a killed session; a living one holds its lock or is young."""
    try:
        if time.time() - held.parent.stat().st_mtime < LONGEST_SESSION:
            return
        with held.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(held.parent, ignore_errors=True)
    except OSError:
        return


@pytest.fixture(scope="session")
async def templates(server: str) -> AsyncIterator[Templates]:
    """All databases, migrated as far as their services have migrations."""
    suffix = f"_template_{secrets.token_hex(4)}"
    await provision(server, PASSWORDS, suffix=suffix)
    for database, folder in MIGRATIONS.items():
        if any(folder.glob("versions/*.py")):
            owner = addressed(server, database + suffix, f"{database}_owner")
            await migrate(database, owner)
    connection = await asyncpg.connect(server)
    templates = Templates(suffix, server, connection)
    yield templates
    for database in DATABASES:
        await templates.drop(database + suffix)
    await connection.close()


@pytest.fixture
async def fresh(templates: Templates) -> AsyncIterator[Freshly]:
    """Copy a database for one test, as often as it asks; dropped afterwards."""
    made: list[str] = []

    async def copy(database: str) -> Fresh:
        copied = await templates.copy(database)
        made.append(copied.name)
        return copied

    yield copy
    for name in made:
        await templates.drop(name)
