"""The whole house in real processes, for system tests: any of them can be killed."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.clients import Client
from bench.house import free_ports
from deploy import demo, processes, secrets
from deploy.local import prepare_secrets, start_server
from deploy.server import Server, bring_up
from deploy.state import State
from gateway.enrolment import Client as Enrolled
from gateway.enrolment import Enrolment, Tenant, enrol
from gateway.policy import Role

READY = 90.0  # seconds that a restarted process may take on a busy machine


@dataclass
class House:
    """Processes by name; `restart` brings back what was killed."""

    state: State
    base: int
    server: Server
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)

    @property
    def gateway(self) -> str:
        return f"http://{processes.HOST}:{self.base}"

    def url(self, database: str, role: str) -> str:
        password = secrets.password(self.state.secrets, role)
        return self.server.url(database, role, password)

    def start(self, name: str) -> None:
        told = processes.told(self.base, self.state)[name]
        told["URAMOST_SECRETS"] = str(self.state.secrets / processes.service(name))
        with (self.state.logs / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 -- our own modules
                [sys.executable, "-m", processes.MODULES[name]],
                env=os.environ | told,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        self.children[name].send_signal(signal.SIGKILL)
        self.children[name].wait()

    def ready(self, name: str) -> bool:
        port = processes.ports(self.base)[name]
        child = self.children[name]
        path = self.state.logs / f"{name}.log"
        return processes.Process(name, port, path, child).ready()

    async def restart(self, name: str) -> None:
        self.start(name)
        deadline = time.monotonic() + READY
        while not await asyncio.to_thread(self.ready, name):
            assert time.monotonic() < deadline, f"{name} did not come back"
            await asyncio.sleep(0.05)

    async def enrol(
        self,
        tenant: str,
        client: str,
        roles: Sequence[Role],
        organisation: UUID | None = None,
    ) -> Client:
        """Enrol a client of a tenant, and give it as its system would act."""
        kind = "desk" if tenant == demo.DESK.id else "agency"
        if organisation is not None:
            kind = "organisation"
        asked = Enrolment(
            tenant=Tenant(id=tenant, kind=kind, name=tenant.upper()),
            client=Enrolled(id=client, roles=tuple(roles), organisation=organisation),
        )
        owner = await asyncpg.connect(self.url("gateway", "gateway_owner"))
        shown = await enrol(owner, [asked])
        await owner.close()
        self.clients.append(Client(self.gateway, client, shown[client]))
        return self.clients[-1]


@contextmanager
def house(
    place: Path | None = None, only: Sequence[str] = tuple(processes.MODULES)
) -> Iterator[House]:
    """Start everything, or some, on a durable server of its own; stop it after."""
    folder = Path(tempfile.mkdtemp(prefix="uramost-house-", dir=place))
    with ExitStack() as resources:
        resources.callback(shutil.rmtree, folder, ignore_errors=True)
        state = State(folder / "state")
        state.hold(resources)
        prepare_secrets(state, None)
        server = start_server(state, None, resources)
        bring_up(server, state)
        here = House(state, free_ports(), server)
        resources.callback(_stop, here)
        for name in only:
            here.start(name)
        _await(here)
        yield here


def _await(here: House) -> None:
    deadline = time.monotonic() + READY
    while not all(here.ready(name) for name in here.children):
        ended = [name for name, one in here.children.items() if one.poll() is not None]
        assert not ended, f"did not start, see their logs: {ended}"
        assert time.monotonic() < deadline, "the house did not start"
        time.sleep(0.1)


def _stop(here: House) -> None:
    for child in here.children.values():
        child.terminate()
    for child in here.children.values():
        child.wait(20)
