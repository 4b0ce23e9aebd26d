"""The embedded server: one per folder, dead with its launcher, silent about rows."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from deploy.account import account, becoming
from deploy.postgres import DatabaseNotStarted, Postgres
from tests.databases import FAST
from tests.deploy.launching import (
    PASSWORD,
    ask,
    ends,
    installed,
    kill,
    launch,
    owner,
    start,
)


def permissive(folder: Path) -> set[str]:
    """Name what others than the owner may touch in a folder; the lock is empty."""
    others = {path.name for path in folder.iterdir() if path.stat().st_mode & 0o077}
    return others - {"lock"}


async def test_it_runs_as_an_ordinary_user_even_when_started_by_root(
    folder: Path,
) -> None:
    with start(folder) as server:
        assert owner(Path("/proc", str(server.process.pid))) == account()[0] != 0
        assert owner(folder / "data") == account()[0]
        assert str(await ask(server, "show server_version")).startswith("18.")


async def test_its_data_is_open_to_nobody_else(folder: Path) -> None:
    start(folder).stop()
    assert permissive(folder) == set()


async def test_a_killed_launcher_leaves_no_server(folder: Path) -> None:
    launcher, server = launch(folder)
    kill(launcher)
    assert ends(server, within=5)


async def test_an_ordinary_user_starts_it_without_another_account(
    folder: Path,
) -> None:
    # Programs of his own, because this checkout may be closed to him.
    programs = installed(folder / "programs")
    (folder / "state").mkdir()
    for path in (folder, folder / "state"):
        os.chown(path, *account())
    plain = ("plain", programs, *map(str, account()))
    launcher, server = launch(folder / "state", *plain)
    try:
        assert owner(Path("/proc", str(launcher.pid))) == account()[0]
        assert owner(Path("/proc", str(server))) == account()[0]
    finally:
        kill(launcher)
        assert ends(server, within=5)


async def test_a_start_right_after_a_killed_launcher_succeeds(folder: Path) -> None:
    launcher, _ = launch(folder)
    kill(launcher)
    with start(folder) as server:
        assert await ask(server, "select 1") == 1


async def test_a_second_launcher_is_refused_and_the_first_goes_on(folder: Path) -> None:
    launcher, process = launch(folder)
    try:
        with pytest.raises(DatabaseNotStarted, match=r"^Another launcher already runs"):
            start(folder)
        assert not ends(process, within=0.1)
    finally:
        kill(launcher)
        assert ends(process, within=5)


async def test_what_was_committed_survives_a_killed_server(folder: Path) -> None:
    server = Postgres.start(folder, password=PASSWORD)  # durable, as in earnest
    await ask(server, "create table kept as select 7 as value")
    server.process.kill()
    server.stop()
    with Postgres.start(folder, password=PASSWORD) as server:
        assert await ask(server, "select value from kept") == 7


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's own user that has nothing to do with it."""
    sleeping = [shutil.which("sleep") or "/bin/sleep", "60"]
    stranger = subprocess.Popen(  # noqa: S603 -- a plain sleep
        sleeping,
        preexec_fn=becoming(),  # noqa: PLW1509 -- as the server itself becomes it
    )
    yield stranger
    stranger.kill()
    stranger.wait()


def record(folder: Path, process: int) -> None:
    """Let the process be the one that a killed server has left on record."""
    left = folder / "data/postmaster.pid"
    _, others = left.read_text().split("\n", 1)
    left.write_text(f"{process}\n{others}")


async def test_a_killed_servers_number_may_belong_to_another_by_now(
    folder: Path, stranger: subprocess.Popen[bytes]
) -> None:
    server = start(folder)
    server.process.kill()
    server.stop()
    record(folder, stranger.pid)
    with start(folder) as server:
        assert await ask(server, "select 1") == 1
    assert stranger.poll() is None


async def test_half_made_data_is_made_anew(folder: Path) -> None:
    (folder / "initialising").mkdir()
    (folder / "initialising/PG_VERSION").write_text("18\n")
    with start(folder) as server:
        assert await ask(server, "select 1") == 1


async def test_a_stopped_server_leaves_its_folder_free(folder: Path) -> None:
    server = start(folder)
    server.stop()
    assert server.process.returncode == 0
    start(folder).stop()


async def test_nobody_connects_without_the_password(folder: Path) -> None:
    with start(folder) as server:
        url = server.url("postgres", "postgres", "another")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url)


async def test_a_folder_too_deep_for_a_socket_serves_all_the_same(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    for parent in (deep.parent, folder):
        parent.mkdir(parents=True, exist_ok=True)
        parent.chmod(0o711)
    with start(deep) as server:
        assert await ask(server, "select 1") == 1
        first = server.sockets
    with start(deep) as server:
        assert server.sockets == first
    shutil.rmtree(first)


async def test_a_failed_start_tells_the_servers_reason_and_frees_the_folder(
    folder: Path,
) -> None:
    wrong = {**FAST, "shared_buffers": "plenty"}
    with pytest.raises(DatabaseNotStarted, match=r"FATAL.*shared_buffers"):
        Postgres.start(folder, password=PASSWORD, settings=wrong)
    start(folder).stop()


def test_it_starts_from_the_main_thread_only(folder: Path) -> None:
    with ThreadPoolExecutor() as threads:
        refused = threads.submit(start, folder).exception()
    assert str(refused) == "The database must be started from the main thread."


async def test_an_interrupt_of_the_terminal_does_not_reach_it(folder: Path) -> None:
    with start(folder) as server:
        assert os.getpgid(server.process.pid) != os.getpgid(os.getpid())
