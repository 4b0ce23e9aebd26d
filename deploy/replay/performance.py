"""Plays the programme on this machine, shows how far it is, and how it came out."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

import httpx
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from deploy.replay.demo import Enrolled
from deploy.replay.journal import Journal
from deploy.replay.parties import NotReplayed
from deploy.replay.results import Line, results
from deploy.replay.scale import Scale
from deploy.replay.story import Played, Stage, Tell, play

JOURNAL, PLAYED = "journal.jsonl", "played.txt"
PATIENCE: Final = 120.0  # seconds for one answer
CONNECTIONS: Final = httpx.Limits(max_connections=64, keepalive_expiry=2.0)


@dataclass(frozen=True)
class Site:
    """Where it is played: the door, its owner's database, and two folders.

    `clients` holds the secrets of the demo's clients; `folder` what the play keeps.
    """

    gateway: str
    owner: str
    clients: Path
    folder: Path


def demonstrate(site: Site, scale: Scale) -> str:
    """Play the programme, once; give the last page, which is kept for the next time."""
    page = site.folder / PLAYED
    if not page.exists():
        page.write_text(asyncio.run(_demonstrate(site, scale)), encoding="utf-8")
    return page.read_text(encoding="utf-8")


async def _demonstrate(site: Site, scale: Scale) -> str:
    with telling() as tell:
        async with staged(site, scale, tell) as stage:
            played = await play(stage)
            lines = await results(stage.cast, scale.truth())
    return page_of(lines, played)


@asynccontextmanager
async def staged(site: Site, scale: Scale, tell: Tell) -> AsyncIterator[Stage]:
    """Set everything up for a play that begins, or goes on where it was interrupted."""
    site.folder.mkdir(mode=0o700, exist_ok=True)
    journal = Journal(site.folder / JOURNAL)
    async with httpx.AsyncClient(
        base_url=site.gateway, timeout=PATIENCE, trust_env=False, limits=CONNECTIONS
    ) as http:
        cast = Enrolled(site.gateway, site.owner, site.clients, http, journal)
        try:
            yield Stage(cast, site.folder, scale, tell)
        except* (httpx.HTTPError, NotReplayed) as failures:
            failure = _first(failures)
        else:
            return
    if isinstance(failure, NotReplayed):
        raise failure
    sentence = f"The programme was not played to its end: {type(failure).__name__}."
    raise NotReplayed(sentence)


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    first: BaseException = failures
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


@contextmanager
def telling() -> Iterator[Tell]:
    """Show bars, one for each thing that is told of, while something goes on."""
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(), transient=True) as bars:

        def tell(what: str, more: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=0)
            total = (bars.tasks[tasks[what]].total or 0) + of
            bars.update(tasks[what], advance=more, total=total)

        yield tell


def page_of(lines: Sequence[Line], played: Played) -> str:
    """Write what was published, counted and true as a table, and what was refused."""
    table = Table("Indicator", box=None, header_style="", pad_edge=False)
    for name in ("published", "counted", "truth", "error"):
        table.add_column(name, justify="right")
    for line in lines:
        told = (line.counted, line.truth, line.error)
        figures = ("—" if figure is None else f"{figure:,}" for figure in told)
        table.add_row(line.title, " · ".join(line.published) or "—", *figures)
    console = Console(width=120, record=True, file=StringIO(), no_color=True)
    console.print(table)
    tries = played.tries
    console.print(
        f"\n{played.rows:,} registrations of {played.plan.people:,} people, in files of"
        f" six agencies; truth.csv says who is who.\nSecond full-time placements in the"
        f" same days: refused {tries.own_refused} of {tries.own} within an agency,"
        f" {tries.across_refused} of {tries.across} across two.",
        highlight=False,
    )
    return console.export_text()
