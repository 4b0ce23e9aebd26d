"""Preparing a server that is named: once or twice, everything is there."""

import asyncio
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy import provision, secrets
from deploy.databases import DATABASES
from deploy.migrate import head, revision
from tests.deploy.launching import start


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("URAMOST_SECRETS", str(tmp_path))
    return tmp_path


def tell(place: Path, made: Path, address: secrets.Address) -> None:
    """Lay all URLs into one folder, as Compose mounts them."""
    secrets.make(made)
    secrets.derive(made, address)
    for name in provision.Urls.model_fields:
        (found,) = made.rglob(name)
        (place / name).write_text(found.read_text())


def test_everything_is_there_after_the_command_and_after_it_again(
    folder: Path, told: Path
) -> None:
    with start(folder) as server:
        tell(told, told / "made", server.url)
        (told / "superuser_database").write_text(server.superuser)
        for _ in range(2):
            provision.main()
        for database in DATABASES:
            role = f"{database}_owner"
            url = server.url(database, role, secrets.password(told / "made", role))
            assert asyncio.run(revision(url)) == head(database)


def test_a_server_that_is_gone_is_one_sentence_without_a_password(told: Path) -> None:
    def gone(database: str, role: str, password: str) -> str:
        return f"postgresql://{role}:{quote(password)}@127.0.0.1:1/{database}"

    tell(told, told / "made", gone)
    with pytest.raises(SystemExit) as end:
        provision.main()
    assert "cannot be used: ConnectionRefusedError" in str(end.value)
    assert not any(
        password in str(end.value)
        for password in secrets.passwords(told / "made").values()
    )


def test_what_was_not_told_is_named(told: Path) -> None:
    (told / "superuser_database").write_text("postgresql://postgres:hidden@/postgres")
    with pytest.raises(SystemExit) as end:
        provision.main()
    assert "KEYS_OWNER_DATABASE" in str(end.value)
    assert "SUPERUSER_DATABASE" not in str(end.value)
