"""The launcher: everything up with one command, nothing left behind by any end."""

import asyncio
import json
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from deploy import secrets
from deploy.postgres import Postgres
from deploy.processes import HOST
from tests.databases import FAST, execute, roomy_folder
from tests.system.installation import Installation


@pytest.fixture(scope="module")
def installed() -> Iterator[Installation]:
    """Share one among all claims here; each puts it up or down as it needs it."""
    installed = Installation(roomy_folder())
    yield installed
    installed.down()
    shutil.rmtree(installed.folder)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    folder = roomy_folder()
    yield folder
    shutil.rmtree(folder)


def paste(installed: Installation) -> list[dict[str, object]]:
    """Run the printed lines in a shell, as a reader would; give the answers."""
    ran = subprocess.run(  # noqa: S603 -- our own lines
        ["bash", "-euc", installed.lines()],  # noqa: S607 -- the reader's own shell
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def names(page: dict[str, object]) -> str:
    return json.dumps(page["items"], ensure_ascii=False)


def test_the_lines_that_it_prints_work_when_pasted(installed: Installation) -> None:
    installed.up()
    recorded, page = paste(installed)
    assert recorded["outcome"] in {"recorded", "unchanged"}
    assert "Prekazi-Lushta" in names(page)
    assert "Hoxhaj" in names(page)  # of the demo population


def test_the_documentation_is_where_it_says(installed: Installation) -> None:
    installed.up()
    address = f"http://{HOST}:{installed.port}/docs"
    assert address in installed.said
    with urlopen(address, timeout=10) as answer:
        assert answer.status == 200


def test_what_it_keeps_is_closed_to_others(installed: Installation) -> None:
    installed.up()
    folders = (installed.folder / "secrets", installed.folder / "logs")
    assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_second_launcher_is_refused_and_the_first_goes_on(
    installed: Installation,
) -> None:
    installed.up()
    assert "Another launcher is at work" in installed.refused()
    assert paste(installed)


def test_a_port_in_use_is_named_before_anything_is_made(
    installed: Installation, elsewhere: Path
) -> None:
    taken = Installation(elsewhere / "state", port=installed.port)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if installed.launcher is None:
            other.bind((HOST, installed.port))
            other.listen()
        assert f"Port {installed.port} on {HOST} is in use" in taken.refused()
    assert not (taken.folder / "secrets").exists()
    assert not (taken.folder / "postgres").exists()


def test_a_killed_launcher_leaves_nothing_and_the_next_start_goes_on(
    installed: Installation,
) -> None:
    installed.up()
    paste(installed)
    assert len(installed.processes()) > 5  # the control: they are found
    installed.end(signal.SIGKILL)
    assert installed.alone()
    installed.up()
    recorded, _ = paste(installed)
    assert recorded["outcome"] == "unchanged"


def test_a_stopped_launcher_leaves_nothing(installed: Installation) -> None:
    installed.up()
    assert installed.end(signal.SIGTERM) == 0
    assert installed.alone(within=0)


def test_a_missing_key_file_is_named_and_nothing_starts(
    installed: Installation,
) -> None:
    installed.down()
    key = installed.folder / "secrets/beneficiaries/beneficiaries_master_key"
    kept = key.read_text()
    key.unlink()
    assert f"The key file {key} is missing" in installed.refused()
    assert installed.alone(within=0)
    secrets.write(key, kept)


def test_lost_secrets_are_not_made_anew_beside_old_data(
    installed: Installation,
) -> None:
    installed.down()
    kept = (installed.folder / "secrets").rename(installed.folder / "kept")
    assert "is missing and cannot be made again" in installed.refused()
    assert not (installed.folder / "secrets").exists()
    kept.rename(installed.folder / "secrets")


def test_a_newer_database_is_left_alone(installed: Installation) -> None:
    installed.down()
    change(installed, "update alembic_version set version_num = '9-' || version_num")
    assert "stands at revision 9-" in installed.refused()
    assert installed.alone(within=0)
    change(installed, "update alembic_version set version_num = substr(version_num, 3)")


def change(installed: Installation, statement: str) -> None:
    """Run a statement as the owner of the grants, the launcher being away."""
    folder = installed.folder / "secrets"
    password = secrets.password(folder, secrets.SUPERUSER)
    with Postgres.start(installed.folder / "postgres", password=password) as server:
        role = "grants_owner"
        url = server.url("grants", role, secrets.password(folder, role))
        asyncio.run(execute(url, statement))


def test_a_server_that_is_named_is_used_and_left(elsewhere: Path) -> None:
    with Postgres.start(elsewhere / "pg", password="named", settings=FAST) as server:
        named = Installation(elsewhere / "state", postgres=server.superuser)
        named.up()
        assert paste(named)
        assert not (named.folder / "postgres").exists()
        assert named.end(signal.SIGINT) == 0
        assert named.alone(within=0)
        assert server.process.poll() is None


def test_a_server_that_is_not_there_is_one_sentence(elsewhere: Path) -> None:
    gone = Installation(
        elsewhere / "state", postgres="postgresql://postgres:hidden@127.0.0.1:1"
    )
    sentence = gone.refused()
    assert "cannot be used: ConnectionRefusedError" in sentence
    assert "hidden" not in sentence
    assert not (gone.folder / "secrets").exists()


def test_a_port_that_is_none_is_one_sentence(installed: Installation) -> None:
    assert "URAMOST_PORT" in installed.refused(URAMOST_PORT="many")
