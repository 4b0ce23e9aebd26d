"""Under whom the server runs: below a closed folder too, and with no more than that."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import cluster, postgres
from deploy.account import PASSING, account, closed_above
from deploy.cluster import binary
from deploy.migrate import ROOT
from tests.deploy.launching import (
    LAUNCHER,
    PASSWORD,
    ask,
    close,
    ends,
    installed,
    kill,
    launch,
    owner,
    start,
)


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
    inside = installed(clone)
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
