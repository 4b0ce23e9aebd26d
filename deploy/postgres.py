"""The embedded PostgreSQL: binaries from a wheel, our launcher, gone when we are gone.

On Linux the kernel stops the server when the process that started it dies. Elsewhere
it outlives a killed launcher, and the next start says so.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

from deploy.account import Wish, dying_with
from deploy.cluster import (
    PATIENCE,
    SUPERUSER,
    DatabaseNotStarted,
    as_server,
    binary,
    environment,
    hold,
    initialise,
    last_line,
    outlive_predecessor,
    prepare,
    socket_folder,
)

__all__ = ["DatabaseNotStarted", "Postgres"]

ORDERLY = 10.0  # seconds for a stop that leaves nothing to recover

SIZES = {
    "listen_addresses": "",
    "max_connections": "200",
    # Of memory what is used. Recording among a million touches about so much again and
    # again; with a third of it, each row read and wrote a dozen pages of others.
    "shared_buffers": "1536MB",
    # After a checkpoint each page is logged whole once: by the default, an import into
    # a million logged six a row. Every five minutes there is a checkpoint anyway.
    "max_wal_size": "4GB",
    "max_locks_per_transaction": "256",
    "jit": "off",
}
# The log may hold no value of a row. Messages of errors quote values themselves
# (`invalid input syntax for type integer: "…"`), so errors go to their client only.
SILENT = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
    "log_temp_files": "-1",
    "debug_print_plan": "off",
}


@dataclass(frozen=True)
class Postgres:
    """A running server; `with Postgres.start(...) as server` stops it at the end."""

    process: subprocess.Popen[bytes]
    sockets: Path
    password: str = field(repr=False)
    resources: ExitStack = field(repr=False)

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        password: str,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> Self:
        """Start the server of a folder and create its data on the first call.

        Must be called from the main thread: the kernel's signal follows the thread.
        """
        if threading.current_thread() is not threading.main_thread():
            sentence = "The database must be started from the main thread."
            raise DatabaseNotStarted(sentence)
        with ExitStack() as resources:
            folder = prepare(folder)
            hold(folder, resources)
            outlive_predecessor(folder / "data")
            initialise(folder, password)
            sockets = socket_folder(folder)
            process = _launch(folder, sockets, {**SIZES, **settings, **SILENT})
            resources.callback(_end, process)
            _await_ready(process, sockets, folder)
            return cls(process, sockets, password, resources.pop_all())

    @property
    def superuser(self) -> str:
        return self.url(SUPERUSER, SUPERUSER, self.password)

    def url(self, database: str, role: str, password: str) -> str:
        account = f"{quote(role, safe='')}:{quote(password, safe='')}"
        return (
            f"postgresql://{account}@/{quote(database)}?host={quote(str(self.sockets))}"
        )

    def stop(self) -> None:
        self.resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _launch(
    folder: Path, sockets: Path, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    options = [f"-c{name}={value}" for name, value in settings.items()]
    command = [binary("postgres"), f"-D{folder / 'data'}", f"-k{sockets}", "-p5432"]
    log = new_log(folder / "server.log")
    try:
        return subprocess.Popen(  # noqa: S603 -- our binary, our arguments
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(),
            cwd="/",
            start_new_session=True,  # Ctrl-C reaches the launcher, which stops in order
            preexec_fn=_server(folder),  # noqa: PLW1509 -- the only place for it
        )
    finally:
        os.close(log)


def new_log(path: Path) -> int:
    """Begin a log and keep the one before it, which may tell of a crash."""
    if path.exists():
        path.replace(path.with_suffix(".log.before"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)


def _server(folder: Path) -> Wish:
    become = as_server(folder)
    follow = dying_with(os.getpid(), signal.SIGQUIT)

    def both() -> None:
        become()
        follow()  # last: whoever changes his user is forgotten

    return both


def _await_ready(process: subprocess.Popen[bytes], sockets: Path, folder: Path) -> None:
    asking = [binary("pg_isready"), "-q", f"-h{sockets}", "-p5432"]
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        answer = subprocess.run(asking, env=environment(), check=False)  # noqa: S603 -- our binary
        if answer.returncode == 0:
            return
        time.sleep(0.01)
    end = "ended" if process.poll() is not None else "was not ready in time"
    sentence = f"The database {end}: {last_line((folder / 'server.log').read_bytes())}"
    raise DatabaseNotStarted(sentence)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop in order; at once where that hangs, which costs the next start a recovery.

    PostgreSQL 18.4 never ends by SIGINT while it recovers from a crashed backend. So
    the kernel, who cannot try twice, sends SIGQUIT for a dead launcher.
    """
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ORDERLY)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()
