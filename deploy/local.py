"""Brings the whole house up on one machine: `python -m deploy.local`, or `make run`.

Everything stops with it. On Linux the kernel sees to that even where it is killed; on
other systems the processes of a killed launcher stay, and the next start says so.
"""

import asyncio
import signal
import sys
import time
from contextlib import ExitStack
from typing import Annotated, Final, Literal, NoReturn

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy import demo, processes, secrets
from deploy.cluster import DatabaseNotStarted
from deploy.invitation import invitation
from deploy.migrate import NotMigrated
from deploy.postgres import Postgres
from deploy.processes import PortInUse, Process, ProcessFailed
from deploy.replay.parties import NotReplayed
from deploy.replay.performance import Site, demonstrate
from deploy.replay.scale import LEAST_PEOPLE, WHOLE, Scale
from deploy.secrets import KeyFileMissing
from deploy.server import Server, ServerNotUsable, bring_up, databases_there
from deploy.state import State, StateHeld

REASONS: Final = (
    DatabaseNotStarted,
    KeyFileMissing,
    NotMigrated,
    PortInUse,
    ProcessFailed,
    ServerNotUsable,
    StateHeld,
    demo.DemoNotLoaded,
    NotReplayed,
)


class Wishes(BaseSettings):
    """What a developer may choose; none of it is needed."""

    model_config = SettingsConfigDict(env_prefix="URAMOST_", frozen=True)

    port: Annotated[int, Field(ge=1024, le=65_529)] = 8000
    postgres: SecretStr | None = None
    demo: Literal["people", "programme"] = "people"
    people: Annotated[int, Field(ge=LEAST_PEOPLE)] = WHOLE.people

    @property
    def server(self) -> str | None:
        return self.postgres.get_secret_value() if self.postgres else None


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def run(wishes: Wishes, state: State, resources: ExitStack) -> NoReturn:
    """Start everything in order, then stay; what was started, `resources` stops."""
    began = time.monotonic()
    state.hold(resources)
    processes.require_free(processes.ports(wishes.port).values())
    prepare_secrets(state, wishes.server)
    say(f"Starting. State and logs are in {state.folder}.")
    server = start_server(state, wishes.server, resources)
    bring_up(server, state)
    children: list[Process] = []
    resources.callback(processes.stop, children)
    for process in processes.launch(state, wishes.port):
        children.append(process)
        record(state, children)
    open_demo(wishes, state, server, children)
    say(f"Ready after {time.monotonic() - began:.1f} seconds.\n")
    say(invitation(wishes.port, state.secrets / "demo"))
    processes.watch(children, server.require_alive)


def prepare_secrets(state: State, named: str | None) -> None:
    """Make the secrets once; databases without them are a loss, not a beginning."""
    if not state.secrets.exists() and not databases_there(state, named):
        secrets.make(state.secrets)
        say(
            f"The keys were made in {state.secrets}. Whoever loses them loses all"
            " that is sealed with them: keep a copy."
        )
    secrets.require_whole(state.secrets)


def start_server(state: State, named: str | None, resources: ExitStack) -> Server:
    if named is not None:
        return Server(named)
    password = secrets.password(state.secrets, secrets.SUPERUSER)
    postgres = Postgres.start(state.postgres, password=password)
    resources.callback(postgres.stop)
    return Server(postgres.superuser, postgres)


def record(state: State, children: list[Process]) -> None:
    ids = " ".join(str(process.child.pid) for process in children)
    state.processes.write_text(f"{ids}\n", encoding="ascii")


def open_demo(
    wishes: Wishes, state: State, server: Server, children: list[Process]
) -> None:
    folder = state.secrets / "demo"
    password = secrets.password(state.secrets, "gateway_owner")
    owner = server.url("gateway", "gateway_owner", password)
    fresh = asyncio.run(demo.enrol_all(owner, folder))
    processes.await_ready(children)
    gateway = f"http://{processes.HOST}:{wishes.port}"
    if wishes.demo == "programme":
        say("The programme is played; if interrupted, it goes on at the next start.")
        site = Site(gateway, owner, folder, state.programme)
        say(demonstrate(site, Scale.of(wishes.people)))
    elif not state.programme.exists() and (fresh or not state.loaded.exists()):
        count = demo.load(gateway, folder)
        say(f"{count} invented registrations of six agencies are there.")
        state.loaded.touch()


def stop_on_signals() -> None:
    """Let a signal end us in order, once: a second one must not disturb the end."""
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(*_: object) -> None:
        for number in ending:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in ending:
        signal.signal(number, end)


def main() -> None:
    stop_on_signals()
    try:
        with ExitStack() as resources:
            run(Wishes(), State.here(), resources)
    except ValidationError as wrong:
        names = {f"URAMOST_{error['loc'][0]}".upper() for error in wrong.errors()}
        sys.exit(f"Not started. This cannot be right: {', '.join(sorted(names))}.")
    except REASONS as reason:
        sys.exit(f"Not started. {reason}")
    except KeyboardInterrupt:
        say("Stopped.")


if __name__ == "__main__":
    main()
