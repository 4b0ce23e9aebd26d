"""The launcher as a developer starts it, on free ports and a state of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from deploy.processes import HOST, MODULES
from deploy.state import ROOT

LAUNCHER = [sys.executable, "-m", "deploy.local"]
PATIENCE = 60.0  # seconds


def free_ports() -> int:
    """Find a row of free ports, as long as there are processes; give the first."""
    for base in range(18_000 + os.getpid() % 1000 * 8, 30_000, 8):
        if all(_free(base + number) for number in range(len(MODULES))):
            return base
    sentence = "There are no free ports."
    raise RuntimeError(sentence)


def _free(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex((HOST, port)) != 0


@dataclass
class Installation:
    """One folder of state and its ports; the launcher is there or not."""

    folder: Path
    port: int = field(default_factory=free_ports)
    postgres: str | None = None
    launcher: subprocess.Popen[str] | None = None
    said: str = ""

    @property
    def environment(self) -> dict[str, str]:
        named = {"URAMOST_POSTGRES": self.postgres} if self.postgres else {}
        chosen = {"URAMOST_STATE": str(self.folder), "URAMOST_PORT": str(self.port)}
        return {**os.environ, **chosen, **named}

    def up(self) -> None:
        """Start it, unless it runs, and wait for the last line that it prints."""
        if self.launcher is not None:
            return
        self.launcher = subprocess.Popen(  # noqa: S603 -- our interpreter, our module
            LAUNCHER,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.launcher.stdout is not None
        self.said = ""
        for line in self.launcher.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(self.said)

    def end(self, number: signal.Signals) -> int:
        """Send the launcher a signal and give its exit code, once it is gone."""
        assert self.launcher is not None
        assert self.launcher.stdout is not None
        self.launcher.send_signal(number)
        code = self.launcher.wait(PATIENCE)
        self.launcher.stdout.close()
        self.launcher = None
        return code

    def down(self) -> None:
        """Leave a folder that was once in use, and nothing at work in it."""
        if not self.folder.exists() or not any(self.folder.iterdir()):
            self.up()
        if self.launcher is not None:
            self.end(signal.SIGTERM)

    def refused(self, **other: str) -> str:
        """Start a launcher that should not start, and give the one sentence it says."""
        tried = subprocess.run(  # noqa: S603 -- our interpreter, our module
            LAUNCHER,
            cwd=ROOT,
            env=self.environment | other,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert tried.returncode == 1, tried
        (sentence,) = tried.stderr.splitlines()
        return sentence

    def lines(self) -> str:
        """Give the three lines to paste, as a script."""
        return "\n".join(re.findall(r"^(?:token=|curl ).*$", self.said, re.MULTILINE))

    def processes(self) -> set[int]:
        """Find whatever runs for this folder, by where it is and what it was told."""
        found = {int(path.name) for path in Path("/proc").glob("[0-9]*")}
        return {one for one in found if self._is_ours(Path("/proc", str(one)))}

    def _is_ours(self, process: Path) -> bool:
        mark = str(self.folder)
        try:
            if (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False  # without an init that reaps, an ended process stays
            told = (process / "environ").read_bytes() + (
                process / "cmdline"
            ).read_bytes()
            return mark in os.fsdecode(told) or mark in str(
                (process / "cwd").readlink()
            )
        except OSError:  # it ended meanwhile
            return False

    def alone(self, within: float = 5.0) -> bool:
        """Whether nothing runs for this folder any more, soon."""
        deadline = time.monotonic() + within
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.processes()
