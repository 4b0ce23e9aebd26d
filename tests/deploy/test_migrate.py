"""Migrating: a database comes whole to the revision of the code, or stays."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy import migrate as migrating
from deploy.databases import DATABASES, provision
from deploy.migrate import NotMigrated, head, main, migrate, revision
from tests.databases import PASSWORDS, Fresh, Templates, ask, execute

FIRST = """
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.execute("create table first (n int primary key)")
    op.execute("insert into first values (1)")
"""
BROKEN = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("create table second (n int)")
    op.execute("insert into first values (1)")
"""

WITHOUT_REVISION = "create table first (n int)"
AT_TWO_REVISIONS = """
    create table alembic_version (version_num text);
    insert into alembic_version values ('0001'), ('0002');
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The versions of the test's own, in place of those of the grants."""
    folder = tmp_path / "100% migrations"  # a space and a percent sign are allowed
    (folder / "versions").mkdir(parents=True)
    (folder / "versions/0001_first.py").write_text(FIRST)
    monkeypatch.setitem(migrating.MIGRATIONS, "grants", folder)
    return folder / "versions"


@pytest.fixture
async def grants(templates: Templates) -> AsyncIterator[Fresh]:
    """A database of the grants in which no migration has run."""
    name = f"grants_{secrets.token_hex(4)}"
    await ask(templates.superuser, f"create database {name} owner grants_owner")
    yield templates.fresh("grants", name)
    await templates.drop(name)


@pytest.fixture
async def commanded(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Path]:
    """A folder of secrets for unmigrated databases, each with one migration."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions/0001_first.py").write_text(FIRST)
    suffix = f"_{secrets.token_hex(4)}"
    await provision(templates.superuser, PASSWORDS, suffix=suffix)
    for database in DATABASES:
        monkeypatch.setitem(migrating.MIGRATIONS, database, tmp_path)
        owner = templates.fresh(database, database + suffix).owner
        (tmp_path / f"{database}_owner_database").write_text(owner)
    yield tmp_path
    for database in DATABASES:
        await templates.drop(database + suffix)


@pytest.mark.usefixtures("migrations")
async def test_migrating_brings_a_database_to_the_head_once(
    grants: Fresh,
) -> None:
    assert await revision(grants.owner) is None
    for _ in range(2):
        await migrate("grants", grants.owner)
    assert await revision(grants.owner) == head("grants") == "0001"
    assert await ask(grants.owner, "select count(*) from first") == 1


@pytest.mark.usefixtures("migrations")
async def test_two_migrating_at_once_do_the_work_once(
    grants: Fresh,
) -> None:
    await asyncio.gather(*(migrate("grants", grants.owner) for _ in range(2)))
    assert await ask(grants.owner, "select count(*) from first") == 1


@pytest.mark.usefixtures("migrations")
async def test_the_process_reads_where_its_database_stands_and_no_table(
    grants: Fresh,
) -> None:
    await migrate("grants", grants.owner)
    assert await revision(grants.url) == "0001"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(grants.url, "select count(*) from first")


async def test_a_failing_migration_changes_nothing_and_tells_no_value(
    grants: Fresh, migrations: Path
) -> None:
    (migrations / "0002_broken.py").write_text(BROKEN)
    with pytest.raises(NotMigrated) as failure:
        await migrate("grants", grants.owner)
    assert str(failure.value) == (
        "The database grants was not migrated and not changed: SQLSTATE 23505."
    )
    assert await revision(grants.owner) is None
    assert await ask(grants.owner, "select to_regclass('first')::text") is None


@pytest.mark.usefixtures("migrations")
async def test_a_database_from_the_future_is_left_alone(
    grants: Fresh,
) -> None:
    await migrate("grants", grants.owner)
    await execute(grants.owner, "update alembic_version set version_num = '0099'")
    with pytest.raises(NotMigrated, match="stands at revision 0099, unknown here"):
        await migrate("grants", grants.owner)


@pytest.mark.usefixtures("migrations")
@pytest.mark.parametrize("half", [WITHOUT_REVISION, AT_TWO_REVISIONS])
async def test_a_half_migrated_database_is_left_alone(grants: Fresh, half: str) -> None:
    await execute(grants.owner, half)
    with pytest.raises(NotMigrated, match="half-migrated"):
        await migrate("grants", grants.owner)


def test_the_command_migrates_all_from_the_files_of_secrets(
    commanded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("URAMOST_SECRETS", str(commanded))
    main()
    for database in DATABASES:
        url = (commanded / f"{database}_owner_database").read_text()
        assert asyncio.run(revision(url)) == "0001"


def test_the_command_ends_with_a_sentence_where_a_server_is_gone(
    commanded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "postgresql://grants_owner:hidden@127.0.0.1:1/grants"
    (commanded / "grants_owner_database").write_text(gone)
    monkeypatch.setenv("URAMOST_SECRETS", str(commanded))
    with pytest.raises(SystemExit) as end:
        main()
    sentence = "The database grants cannot be reached: ConnectionRefusedError."
    assert end.value.code == sentence


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("@/none?host=/nowhere", "FileNotFoundError"),
        ("@127.0.0.1:1/none", "ConnectionRefusedError"),
    ],
)
async def test_an_unreachable_server_is_one_sentence_without_the_password(
    place: str, kind: str
) -> None:
    with pytest.raises(NotMigrated) as failure:
        await revision(f"postgresql://keys:hidden{place}")
    assert str(failure.value) == f"The database cannot be reached: {kind}."


async def test_missing_settings_are_named_and_given_ones_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for database in DATABASES:
        monkeypatch.delenv(f"{database}_owner_database".upper(), raising=False)
    monkeypatch.setenv("KEYS_OWNER_DATABASE", "postgresql://keys:hidden@/keys")
    with pytest.raises(SystemExit) as end:
        main()
    assert "GRANTS_OWNER_DATABASE" in str(end.value)
    assert "hidden" not in str(end.value)
    assert "KEYS_OWNER_DATABASE" not in str(end.value)
