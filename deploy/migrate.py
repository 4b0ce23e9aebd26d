"""Brings every database to the revision that this code knows, or says why it cannot.

Each database's migrations are the files of `versions/` in its own folder; they run as
its owner, in one transaction, so a database is never left between two revisions.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = {
    "gateway": ROOT / "gateway/migrations",
    "beneficiaries": ROOT / "services/beneficiaries/migrations",
    "grants": ROOT / "services/grants/migrations",
    "employment": ROOT / "services/employment/migrations",
    "programme": ROOT / "services/programme/migrations",
    "keys": ROOT / "services/beneficiaries/protection/migrations",
}
MIGRATING = 0x6D69_6772  # an advisory lock: the second migrator finds the work done
USED = """
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname !~ '^alembic_version'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    )
"""


class NotMigrated(Exception):  # noqa: N818 -- reads as the sentence it is
    """A database could not be brought to the revision that this code knows."""


class Owners(BaseSettings):
    """The owners' URLs, from the environment or the folder of secrets."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    gateway_owner_database: SecretStr
    beneficiaries_owner_database: SecretStr
    grants_owner_database: SecretStr
    employment_owner_database: SecretStr
    programme_owner_database: SecretStr
    keys_owner_database: SecretStr

    def url(self, database: str) -> str:
        secret: SecretStr = getattr(self, f"{database}_owner_database")
        return secret.get_secret_value()


def head(database: str) -> str:
    """Give the revision at which this code expects a database to stand."""
    found = ScriptDirectory.from_config(_config(database)).get_current_head()
    if found is None:
        sentence = f"There is no migration for {database} in {MIGRATIONS[database]}."
        raise NotMigrated(sentence)
    return found


async def revision(url: str) -> str | None:
    """Tell where a database stands; None where no migration has ever run."""
    with _one_sentence("The database"):
        connection = await asyncpg.connect(url)
        try:
            if not await connection.fetchval("SELECT to_regclass('alembic_version')"):
                return None
            rows = await connection.fetch("SELECT version_num FROM alembic_version")
        finally:
            await connection.close()
    return _only([row["version_num"] for row in rows])


def upgrade(database: str, url: str) -> None:
    """Migrate one database as its owner; for callers without an event loop."""
    asyncio.run(migrate(database, url))


async def migrate(database: str, url: str) -> None:
    """Migrate one database as its owner."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(url),
        hide_parameters=True,
        poolclass=NullPool,
    )
    with _one_sentence(f"The database {database}"):
        async with engine.begin() as connection:
            await connection.run_sync(_run, database)


def _run(connection: Connection, database: str) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
    _require_known(connection, database)
    config = _config(database)
    config.attributes["connection"] = connection
    command.upgrade(config, head(database))
    # So that the process itself can refuse to start on another revision.
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {database}"))
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {database}"))


def _require_known(connection: Connection, database: str) -> None:
    stands = _only(MigrationContext.configure(connection).get_current_heads())
    script = ScriptDirectory.from_config(_config(database))
    known = {step.revision for step in script.walk_revisions()}
    if stands is not None and stands not in known:
        sentence = f"The database {database} stands at revision {stands}, unknown here."
        raise NotMigrated(sentence)
    if stands is None and connection.scalar(text(USED)):
        sentence = f"The database {database} has tables but no revision: half-migrated."
        raise NotMigrated(sentence)


def _only(revisions: Sequence[str]) -> str | None:
    if len(revisions) > 1:
        sentence = "The database stands at several revisions at once: half-migrated."
        raise NotMigrated(sentence)
    return revisions[0] if revisions else None


def _config(database: str) -> Config:
    config = Config()
    versions = MIGRATIONS[database] / "versions"
    for option, value in {
        "script_location": str(ROOT / "deploy/migrations"),
        "version_locations": str(versions),
        "path_separator": "newline",
    }.items():
        config.set_main_option(option, value.replace("%", "%%"))
    return config


@contextmanager
def _one_sentence(subject: str) -> Iterator[None]:
    """Tell of a server's refusal by its kind alone; its own words quote values."""
    try:
        yield
    except DBAPIError as failure:
        state = getattr(failure.orig, "sqlstate", None)
        sentence = f"{subject} was not migrated and not changed: SQLSTATE {state}."
        raise NotMigrated(sentence) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        sentence = f"{subject} cannot be reached: {type(failure).__name__}."
        raise NotMigrated(sentence) from None


def main() -> None:
    try:
        owners = Owners(_secrets_dir=os.environ.get("URAMOST_SECRETS"))
    except ValidationError as failure:
        missing = ", ".join(str(error["loc"][0]).upper() for error in failure.errors())
        sys.exit(f"The owners' database URLs are not set: {missing}.")
    for database in MIGRATIONS:
        try:
            upgrade(database, owners.url(database))
        except NotMigrated as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
