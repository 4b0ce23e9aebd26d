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
from tests.system.house import House


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Start one house for all claims here; each puts it up or down as it needs it."""
    house = House(roomy_folder())
    yield house
    house.down()
    shutil.rmtree(house.folder)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    folder = roomy_folder()
    yield folder
    shutil.rmtree(folder)


def paste(house: House) -> list[dict[str, object]]:
    """Run the printed lines in a shell, as a reader would; give the answers."""
    ran = subprocess.run(
        ["bash", "-euc", house.lines()],  # noqa: S607 -- the reader's own shell
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def names(page: dict[str, object]) -> str:
    return json.dumps(page["items"], ensure_ascii=False)


def test_the_lines_that_it_prints_work_when_pasted(house: House) -> None:
    house.up()
    recorded, page = paste(house)
    assert recorded["outcome"] in {"recorded", "unchanged"}
    assert "Prekazi-Lushta" in names(page)
    assert "Hoxhaj" in names(page)  # of the demo population


def test_the_documentation_is_where_it_says(house: House) -> None:
    house.up()
    address = f"http://{HOST}:{house.port}/docs"
    assert address in house.said
    with urlopen(address, timeout=10) as answer:  # noqa: S310 -- the address it printed
        assert answer.status == 200


def test_what_it_keeps_is_closed_to_others(house: House) -> None:
    house.up()
    folders = (house.folder / "secrets", house.folder / "logs")
    assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_second_launcher_is_refused_and_the_first_goes_on(house: House) -> None:
    house.up()
    assert "Another launcher is at work" in house.refused()
    assert paste(house)


def test_a_port_in_use_is_named_before_anything_is_made(
    house: House, elsewhere: Path
) -> None:
    taken = House(elsewhere / "state", port=house.port)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if house.launcher is None:
            other.bind((HOST, house.port))
            other.listen()
        assert f"Port {house.port} on {HOST} is in use" in taken.refused()
    assert not (taken.folder / "secrets").exists()
    assert not (taken.folder / "postgres").exists()


def test_a_killed_launcher_leaves_nothing_and_the_next_start_goes_on(
    house: House,
) -> None:
    house.up()
    paste(house)
    assert len(house.processes()) > 5  # the control: they are found
    house.end(signal.SIGKILL)
    assert house.alone()
    house.up()
    recorded, _ = paste(house)
    assert recorded["outcome"] == "unchanged"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_launcher_leaves_nothing(
    house: House, ending: signal.Signals
) -> None:
    house.up()
    assert house.end(ending) == 0
    assert house.alone(within=0)


def test_a_missing_key_file_is_named_and_nothing_starts(house: House) -> None:
    house.up()
    house.down()
    key = house.folder / "secrets/beneficiaries/beneficiaries_master_key"
    kept = key.read_text()
    key.unlink()
    assert f"The key file {key} is missing" in house.refused()
    assert house.alone(within=0)
    secrets.write(key, kept)


def test_lost_secrets_are_not_made_anew_beside_old_data(house: House) -> None:
    house.up()
    house.down()
    kept = (house.folder / "secrets").rename(house.folder / "kept")
    assert "is missing and cannot be made again" in house.refused()
    assert not (house.folder / "secrets").exists()
    kept.rename(house.folder / "secrets")


def test_a_newer_database_is_left_alone(house: House) -> None:
    house.up()
    house.down()
    change(house, "update alembic_version set version_num = '9-' || version_num")
    assert "stands at revision 9-" in house.refused()
    assert house.alone(within=0)
    change(house, "update alembic_version set version_num = substr(version_num, 3)")


def change(house: House, statement: str) -> None:
    """Run a statement as the owner of the grants, the launcher being away."""
    folder = house.folder / "secrets"
    password = secrets.password(folder, secrets.SUPERUSER)
    with Postgres.start(house.folder / "postgres", password=password) as server:
        role = "grants_owner"
        url = server.url("grants", role, secrets.password(folder, role))
        asyncio.run(execute(url, statement))


def test_a_server_that_is_named_is_used(elsewhere: Path) -> None:
    with Postgres.start(elsewhere / "pg", password="named", settings=FAST) as server:
        named = House(elsewhere / "state", postgres=server.superuser)
        named.up()
        try:
            assert paste(named)
            assert not (named.folder / "postgres").exists()
        finally:
            named.down()


def test_a_server_that_is_not_there_is_one_sentence(elsewhere: Path) -> None:
    gone = House(
        elsewhere / "state", postgres="postgresql://postgres:hidden@127.0.0.1:1"
    )
    sentence = gone.refused()
    assert "cannot be used: ConnectionRefusedError" in sentence
    assert "hidden" not in sentence
    assert not (gone.folder / "secrets").exists()


def test_a_port_that_is_none_is_one_sentence(house: House) -> None:
    assert "URAMOST_PORT" in house.refused(URAMOST_PORT="many")
