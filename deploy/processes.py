"""The processes of the house, as children that do not outlive their launcher."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NoReturn

from deploy.account import dying_with
from deploy.cluster import last_line
from deploy.postgres import new_log
from deploy.state import ROOT, State

HOST = "127.0.0.1"
MODULES = {
    "gateway": "gateway",
    "beneficiaries": "services.beneficiaries",
    "grants": "services.grants",
    "employment": "services.employment",
    "imports": "services.beneficiaries.worker",
    "programme": "services.programme",
    "courier": "gateway.courier",
}
# Whose address each of them is told.
KNOWS = {
    "gateway": ("beneficiaries", "grants", "employment", "programme"),
    "employment": ("gateway", "beneficiaries", "grants"),
    "programme": ("gateway", "beneficiaries", "grants", "employment"),
    "courier": ("gateway",),
}
SECOND = {"imports": "beneficiaries"}  # a service's second process: its own settings
OURS = tuple(f"{name}_".upper() for name in MODULES)
PATIENCE = 45.0  # seconds, until all are ready
ORDERLY = 12.0  # seconds, for what is under way to end


class ProcessFailed(Exception):  # noqa: N818 -- reads as the sentence it is
    """A process ended that should run."""


class PortInUse(Exception):  # noqa: N818 -- reads as the sentence it is
    """Somebody else listens where a process of ours should."""


@dataclass(frozen=True)
class Process:
    """A child with its log."""

    name: str
    port: int
    log: Path
    child: subprocess.Popen[bytes]

    def require_alive(self) -> None:
        if self.child.poll() is not None:
            sentence = f"{self.name} ended: {last_line(self.log.read_bytes())}"
            raise ProcessFailed(sentence)

    def ready(self) -> bool:
        asking = HTTPConnection(HOST, self.port, timeout=5)
        try:
            asking.request("GET", "/health/ready")
            return asking.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            asking.close()


def service(name: str) -> str:
    """Name the service that a process belongs to; its settings and secrets are its."""
    return SECOND.get(name, name)


def ports(base: int) -> dict[str, int]:
    """The gateway's, and one after it for each other process."""
    return {name: base + number for number, name in enumerate(MODULES)}


def require_free(numbers: Iterable[int]) -> None:
    for number in numbers:
        with socket.socket() as asking:
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asking.bind((HOST, number))
            except OSError:
                sentence = (
                    f"Port {number} on {HOST} is in use; free it, or choose"
                    f" {len(MODULES)} others by the first of them: URAMOST_PORT."
                )
                raise PortInUse(sentence) from None


def told(base: int, state: State) -> dict[str, dict[str, str]]:
    """What each process is told beside its secrets: none of it is one."""
    urls = {name: f"http://{HOST}:{port}" for name, port in ports(base).items()}
    own = {
        name: {
            f"{service(name)}_HOST".upper(): HOST,
            f"{service(name)}_PORT".upper(): str(port),
        }
        for name, port in ports(base).items()
    }
    for name, others in KNOWS.items():
        own[name] |= {f"{name}_{other}".upper(): urls[other] for other in others}
    own["gateway"]["GATEWAY_ISSUER"] = urls["gateway"]
    own["grants"]["GRANTS_DOCUMENTS"] = state.documents.as_uri()
    # Whoever develops a receiver has it on this machine, and without a certificate.
    own["gateway"]["GATEWAY_LOCAL_WEBHOOKS"] = "true"
    own["courier"]["COURIER_LOCAL_WEBHOOKS"] = "true"
    return own


def launch(state: State, base: int) -> Iterator[Process]:
    """Start all of them, one after the other; from the main thread only."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(OURS)
    }
    for name, settings in told(base, state).items():
        secrets = {"URAMOST_SECRETS": str(state.secrets / service(name))}
        log = state.logs / f"{name}.log"
        child = _child(MODULES[name], inherited | settings | secrets, log)
        yield Process(name, ports(base)[name], log, child)


def _child(
    module: str, environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    output = new_log(log)
    try:
        return subprocess.Popen(  # noqa: S603 -- our interpreter, our module
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches the launcher, which stops in order
            preexec_fn=dying_with(os.getpid(), signal.SIGKILL),  # noqa: PLW1509 -- the only place for it
        )
    finally:
        os.close(output)


def await_ready(processes: Sequence[Process]) -> None:
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        while not process.ready():
            for each in processes:
                each.require_alive()
            if time.monotonic() > deadline:
                sentence = f"{process.name} was not ready in {PATIENCE:.0f} seconds."
                raise ProcessFailed(sentence)
            time.sleep(0.05)


def watch(processes: Sequence[Process], also: Callable[[], None]) -> NoReturn:
    """Stay until one of them ends; it should not."""
    while True:
        also()
        for process in processes:
            process.require_alive()
        time.sleep(0.2)


def stop(processes: Sequence[Process]) -> None:
    """Ask all at once; kill whoever does not listen."""
    for process in processes:
        process.child.terminate()
    deadline = time.monotonic() + ORDERLY
    for process in processes:
        try:
            process.child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.child.kill()
            process.child.wait()
