"""The launcher's children: why one ended is told, and none is waited for in vain."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.processes import (
    Process,
    ProcessFailed,
    await_ready,
    service,
    stop,
    told,
    watch,
)
from deploy.state import State
from gateway.courier.settings import Settings as Courier
from gateway.settings import Settings as Gateway
from services.beneficiaries.settings import Settings as Beneficiaries
from services.employment.settings import Settings as Employment
from services.grants.settings import Settings as Grants
from services.kit.settings import Standing
from services.programme.settings import Settings as Programme

DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"


def child(folder: Path, code: str, port: int = 9) -> Process:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our interpreter, our words
            [sys.executable, "-c", code], stdout=output, stderr=output
        )
    return Process("grants", port, log, process)


async def listening_badly() -> asyncio.Server:
    """Listen, and answer nothing that HTTP would understand."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"?\r\n\r\n")
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def test_a_process_that_ends_before_it_is_ready_is_told_with_its_last_line(
    tmp_path: Path,
) -> None:
    dying = child(tmp_path, "import sys; sys.exit('first\\nno such table')")
    with pytest.raises(ProcessFailed, match=r"^grants ended: no such table$"):
        await_ready([dying])


def test_a_process_that_ends_later_ends_the_watch(tmp_path: Path) -> None:
    dying = child(tmp_path, "import time; time.sleep(0.3); print('out of memory')")
    with pytest.raises(ProcessFailed, match="out of memory"):
        watch([dying], lambda: None)


async def test_an_answer_that_is_none_is_not_ready(tmp_path: Path) -> None:
    server = await listening_badly()
    sleeping = child(
        tmp_path, "import time; time.sleep(60)", server.sockets[0].getsockname()[1]
    )
    assert not await asyncio.to_thread(sleeping.ready)
    stop([sleeping])
    server.close()


def test_a_process_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.processes.ORDERLY", 0.1)
    deaf = child(tmp_path, DEAF + "; time.sleep(60)")
    while not deaf.log.read_bytes():
        deaf.require_alive()
    stop([deaf])
    assert deaf.child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("beneficiaries", Beneficiaries),
        ("imports", Beneficiaries),
        ("grants", Grants),
        ("employment", Employment),
        ("programme", Programme),
        ("gateway", Gateway),
        ("courier", Courier),
    ],
)
def test_what_a_process_is_told_beside_its_secrets_it_reads(
    tmp_path: Path, name: str, read: type[Standing]
) -> None:
    prefix = f"{service(name)}_"
    named = told(8000, State(tmp_path))[name]
    fields = {one.lower().removeprefix(prefix) for one in named}
    assert fields <= set(read.model_fields)
