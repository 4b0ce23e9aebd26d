"""The commands of `uramost`.

A command ends with 0 when all is done, 1 with a sentence when it failed, 2 when it was
not called as it should be, and 3 when an import refused some rows.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from console import witness
from console.client import Credentials, Failure, Gateway
from console.importing import REFUSED, Report, deliver
from console.rows import read, write_refused

FAILED: Final = 1
SOME_REFUSED: Final = 3
EPILOG = (
    "The secret is read from URAMOST_SECRET or asked for; it is never an argument,"
    " since others can see those."
)


def group(sentence: str) -> typer.Typer:
    return typer.Typer(
        help=sentence,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # they can show values, and values are personal
    )


app = group("Uramost, the inter-agency registry, from the command line.")
registrations = group("Registrations, many at once.")
linkage = group("Upkeep of the linkage.")
audit = group("What every agency can hold against the audit.")
app.add_typer(registrations, name="registrations")
app.add_typer(linkage, name="linkage")
app.add_typer(audit, name="audit")

output = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class Service(StrEnum):
    """Whose audit is meant: each service has its own, and so has the gateway."""

    GATEWAY = "gateway"
    BENEFICIARIES = "beneficiaries"
    GRANTS = "grants"
    EMPLOYMENT = "employment"


@dataclass(frozen=True)
class Step:
    """What one step of re-keying has done, and how many registrations are left."""

    moved: int
    left: int


Address = Annotated[
    str,
    typer.Option(
        "--gateway", envvar="URAMOST_GATEWAY", metavar="URL", help="Where it is."
    ),
]
ClientId = Annotated[
    str,
    typer.Option(
        "--client", envvar="URAMOST_CLIENT", metavar="ID", help="Who is asking."
    ),
]


@contextmanager
def reaching(address: str, client: str) -> Iterator[Gateway]:
    """Speak to a gateway; a failure ends the command with its sentence."""
    try:
        secret = os.environ.get("URAMOST_SECRET") or typer.prompt(
            "Secret", hide_input=True, err=True
        )
        with Gateway(address, Credentials(client, secret)) as gateway:
            yield gateway
    except Failure as failure:
        errors.print(str(failure))
        raise typer.Exit(FAILED) from None


def bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=errors)


@app.command(epilog=EPILOG)
def token(gateway: Address, client: ClientId) -> None:
    """Print an access token, for other programs to use."""
    with reaching(gateway, client) as reached:
        typer.echo(reached.token())


@registrations.command("import", epilog=EPILOG)
def import_registrations(
    file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8.")],
    gateway: Address,
    client: ClientId,
    refused: Annotated[
        Path | None,
        typer.Option(help="Where refused rows go; beside the file unless told."),
    ] = None,
    at_once: Annotated[
        int, typer.Option(min=1, max=16, help="How many chunks are under way at once.")
    ] = 4,
) -> None:
    """Import a CSV file; what is sent again and unchanged does no harm.

    Refused rows are written with their reasons to NAME.refused.csv; corrected there,
    that file can be imported itself. The command then ends with 3.
    """
    with reaching(gateway, client) as reached:
        sheet = read(file)
        aside = refused or file.with_suffix(".refused.csv")
        if aside.exists() and file.samefile(aside):
            sentence = "The refused rows cannot go into the file that is imported."
            raise Failure(sentence)
        reached.token()
        with bar() as progress:
            task = progress.add_task("Importing", total=len(sheet.rows))
            report = deliver(
                reached, sheet.rows, at_once, lambda n: progress.advance(task, n)
            )
        output.print(summary(report))
        if report.refused:
            write_refused(aside, sheet, report.refused)
            errors.print(f"The refused rows are in {aside}, with their reasons.")
            raise typer.Exit(SOME_REFUSED)


def summary(report: Report) -> Table:
    table = Table("Rows", "Count")
    for outcome in ("recorded", "unchanged", REFUSED):
        table.add_row(outcome, str(report.counts[outcome]))
    table.add_row("with warnings", str(report.warned))
    return table


@linkage.command(epilog=EPILOG)
def rekey(gateway: Address, client: ClientId) -> None:
    """Move your registrations to the newest match keys; can be stopped and resumed."""
    with reaching(gateway, client) as reached, bar() as progress:
        task, moved, left = progress.add_task("Re-keying", total=None), 0, 1
        while left:
            step = reached.request("POST", "/beneficiaries/linkage/rekey", Step)
            moved, left = moved + step.moved, step.left
            if left and not step.moved:
                sentence = f"Nothing moves any more, and {left} are left."
                raise Failure(sentence)
            progress.update(task, completed=moved, total=moved + left)
    output.print(f"{moved} registrations were moved to the newest match keys.")


@audit.command(epilog=EPILOG)
def checkpoints(
    service: Annotated[Service, typer.Option(help="Whose audit.")],
    gateway: Address,
    client: ClientId,
    to: Annotated[
        Path | None,
        typer.Option(help="A file to keep them in, as a witness: it is added to."),
    ] = None,
) -> None:
    """Show the latest checkpoints of an audit, and keep them as its witness."""
    own = "" if service is Service.GATEWAY else f"/{service}"
    with reaching(gateway, client) as reached:
        path = f"{own}/audit/checkpoints"
        shown = reached.request("GET", path, list[witness.Checkpoint])
        table = Table("Position", "At", "Hash")
        for one in shown:
            table.add_row(str(one.position), one.at, one.hash[:16])
        output.print(table)
        if to is not None:
            new = witness.keep(to, shown)
            output.print(f"{new} checkpoints were added to {to}.")
