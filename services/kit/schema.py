"""Whether a database stands where this code expects it: migrated whole, not newer."""

from pathlib import Path

import asyncpg
from alembic.config import Config
from alembic.script import ScriptDirectory


class NotMigrated(Exception):  # noqa: N818 -- read as a sentence when a process stops
    """A database does not stand at the revision that this code was written for."""


def expected(migrations: Path) -> str:
    """Name the newest revision in a folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(migrations / "versions"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


async def check(url: str, migrations: Path) -> None:
    """Refuse to work on a database that is behind, ahead or half-way."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        found = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.PostgresError:
        found = None
    finally:
        await connection.close()
    if found != (wanted := expected(migrations)):
        sentence = (
            f"The database is at revision {found or 'none'}, not {wanted}: migrate."
        )
        raise NotMigrated(sentence)
