"""A whole house for a benchmark: the launcher as a child, on free ports of its own."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SPAN = 7  # ports in a row
BASES = 10_000, 32_000  # systems give connections those from 32,768 on
CHANCE = random.SystemRandom()  # two that ask at once were seeded alike
STOPPED = 60  # seconds that it may take to stop
Say = Callable[[str], object]


@dataclass(frozen=True)
class House:
    """Where a running house is, where its state lies, and the process that began it."""

    gateway: str
    state: Path
    launcher: int

    @property
    def secrets(self) -> Path:
        """Where the secrets of its demo clients lie."""
        return self.state / "secrets/demo"


@contextmanager
def house(*, say: Say | None = None, **settings: str) -> Iterator[House]:
    """Start everything, empty but for the demo, with durable commits; stop it after.

    `say` hears every line of the launcher until all is there.
    """
    folder = Path(tempfile.mkdtemp(prefix="uramost-bench-", dir="/var/tmp"))
    port = free_ports()
    told = {"URAMOST_STATE": str(folder / "state"), "URAMOST_PORT": str(port)}
    child = subprocess.Popen(
        [sys.executable, "-m", "deploy.local"],
        env=os.environ | told | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _await_ready(child, say)
        yield House(f"http://127.0.0.1:{port}", folder / "state", child.pid)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(STOPPED)
        shutil.rmtree(folder, ignore_errors=True)


def _await_ready(child: "subprocess.Popen[str]", say: Say | None) -> None:
    for line in child.stdout or ():
        if say:
            say(line.rstrip("\n"))
        if line.startswith("Ready"):
            return
    sys.exit("The house did not start; its launcher said why.")


def free_ports() -> int:
    """Find a base above which seven ports in a row are free.

    Below those that a system gives to connections: one of these is free only until the
    next connection is made, by whatever runs beside.
    """
    while True:
        base = CHANCE.randrange(*BASES, SPAN)
        if all(_free(base + n) for n in range(SPAN)):
            return base


def _free(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) != 0
