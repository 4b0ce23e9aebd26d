"""The commands about imports: send a file and follow it, look, release, cancel, map."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress
from rich.table import Table

from console.client import Failure, Gateway
from console.importing import (
    HELD,
    PATH,
    Import,
    cancel,
    fetch_refused,
    follow,
    kind_of,
    mapped,
    release,
    send,
    size_of,
)
from console.terminal import (
    EPILOG,
    FAILED,
    Address,
    ClientId,
    bar,
    errors,
    group,
    output,
    reaching,
)

SOME_REFUSED: Final = 3
COUNTS: Final = {
    "rows": "rows",
    "recorded": "recorded",
    "unchanged": "unchanged",
    "refused": "refused",
    "duplicates": "duplicates",
    "unreadable": "birth dates kept as written",
}

registrations = group("Registrations, many at once.")
imports = group("Files that were sent, and what became of them.")

Key = Annotated[str, typer.Argument(help="The id of an import.")]


@registrations.command("import", epilog=EPILOG)
def import_registrations(  # noqa: PLR0913 -- its options
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet or JSON Lines.")],
    gateway: Address,
    client: ClientId,
    mapping: Annotated[
        str | None, typer.Option(help="A saved mapping of your columns.")
    ] = None,
    charset: Annotated[
        str | None, typer.Option(help="Of text, where it is not found out rightly.")
    ] = None,
    refused: Annotated[
        Path | None,
        typer.Option(help="Where refused rows go; beside the file unless told."),
    ] = None,
    *,
    go_on: Annotated[
        bool, typer.Option("--release", help="Go on though half are duplicates.")
    ] = False,
) -> None:
    """Import a file; what is sent again and unchanged does no harm.

    Refused rows are written with their reasons to NAME.refused.csv; corrected there,
    that file can be imported itself. The command then ends with 3.
    """
    with reaching(gateway, client) as reached:
        kind, aside = kind_of(file, charset), refused or set_aside(file)
        if aside.exists() and file.exists() and file.samefile(aside):
            sentence = "The refused rows cannot go into the file that is imported."
            raise Failure(sentence)
        with bar() as progress:
            sent = uploaded(reached, file, kind, mapping, progress)
            done = watched(reached, sent, progress)
            if done.state == HELD and go_on:
                release(reached, done.id)
                done = watched(reached, read(reached, done.id), progress)
        conclude(reached, done, aside)


def set_aside(file: Path) -> Path:
    return file.with_suffix(".refused.csv")


def uploaded(
    gateway: Gateway, file: Path, kind: str, mapping: str | None, progress: Progress
) -> Import:
    size = size_of(file)
    task = progress.add_task("Sending", total=size)

    def advance(length: int) -> None:
        progress.advance(task, length)

    return send(gateway, file, kind, size, mapping, advance)


def watched(gateway: Gateway, import_: Import, progress: Progress) -> Import:
    """Follow an import on two bars: rows that are read, rows that are in or refused."""
    reading = progress.add_task("Reading", total=None)
    recording = progress.add_task("Recording", total=None)
    last = import_
    for last in follow(gateway, import_):
        read_all = last.state != "received"
        total = last.rows if read_all else None
        progress.update(reading, completed=last.rows, total=total)
        progress.update(recording, completed=last.done, total=total)
    return last


def conclude(gateway: Gateway, done: Import, aside: Path) -> None:
    output.print(summary(done))
    if done.refused and done.state == "accepted":
        fetch_refused(gateway, done.id, aside)
        errors.print(f"The refused rows are in {aside}, with their reasons.")
        raise typer.Exit(SOME_REFUSED)
    if sentence := done.complaint():
        errors.print(sentence)
        raise typer.Exit(FAILED)


def summary(done: Import) -> Table:
    table = Table("Of the file", "Count")
    for name, told in COUNTS.items():
        table.add_row(told, str(getattr(done, name)))
    return table


def listing(shown: list[Import]) -> Table:
    table = Table("Sent", "State", "Rows", "Refused")
    table.add_column("Import", min_width=36)  # whole, to be copied
    for one in shown:
        counts = str(one.rows), str(one.refused)
        table.add_row(one.arrived_at[:10], one.state, *counts, one.id)
    return table


def read(gateway: Gateway, key: str) -> Import:
    return gateway.request("GET", f"{PATH}/{key}", Import)


@dataclass(frozen=True)
class Listed:
    """A page of imports, the newest first."""

    items: list[Import]


@dataclass(frozen=True)
class Saved:
    """A mapping as the registry has it."""

    name: str
    columns: dict[str, str]


@imports.command("list", epilog=EPILOG)
def list_imports(gateway: Address, client: ClientId) -> None:
    """Show the latest imports."""
    with reaching(gateway, client) as reached:
        output.print(listing(reached.request("GET", PATH, Listed).items))


@imports.command("release", epilog=EPILOG)
def release_import(key: Key, gateway: Address, client: ClientId) -> None:
    """Let an import go on that is held for its duplicates."""
    with reaching(gateway, client) as reached:
        release(reached, key)


@imports.command("cancel", epilog=EPILOG)
def cancel_import(key: Key, gateway: Address, client: ClientId) -> None:
    """End an import; what it has recorded stays recorded."""
    with reaching(gateway, client) as reached:
        cancel(reached, key)


@imports.command("refused", epilog=EPILOG)
def refused_rows(
    key: Key,
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    gateway: Address,
    client: ClientId,
) -> None:
    """Fetch the refused rows of an import, with their reasons."""
    with reaching(gateway, client) as reached:
        fetch_refused(reached, key, to)


@imports.command("map", epilog=EPILOG)
def save_mapping(
    name: Annotated[str, typer.Argument(help="Small letters, digits, hyphens.")],
    columns: Annotated[
        list[str], typer.Argument(metavar="HEADER=FIELD...", help="What columns mean.")
    ],
    gateway: Address,
    client: ClientId,
) -> None:
    """Save what columns of your files mean, for --mapping."""
    with reaching(gateway, client) as reached:
        body = {"name": name, "columns": mapped(columns)}
        saved = reached.request("PUT", f"{PATH}/mappings", Saved, json=body)
    output.print(f"{len(saved.columns)} columns are mapped by {saved.name}.")
