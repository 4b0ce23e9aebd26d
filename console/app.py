"""The commands of `uramost`.

A command ends with 0 when all is done, 1 with a sentence when it failed, 2 when it was
not called as it should be, 3 when an import refused some rows, and 4 when the linkage
is not as good as was asked.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from console import witness
from console.imports import imports, registrations
from console.linkage import linkage
from console.terminal import (
    EPILOG,
    Address,
    ClientId,
    group,
    output,
    reaching,
)

app = group("Uramost, the inter-agency registry, from the command line.")
audit = group("What every agency can hold against the audit.")
app.add_typer(registrations, name="registrations")
app.add_typer(imports, name="imports")
app.add_typer(linkage, name="linkage")
app.add_typer(audit, name="audit")


class Service(StrEnum):
    """Whose audit is meant: each service has its own, and so has the gateway."""

    GATEWAY = "gateway"
    BENEFICIARIES = "beneficiaries"
    GRANTS = "grants"
    EMPLOYMENT = "employment"
    PROGRAMME = "programme"


@app.command(epilog=EPILOG)
def token(gateway: Address, client: ClientId) -> None:
    """Print an access token, for other programs to use."""
    with reaching(gateway, client) as reached:
        typer.echo(reached.token())


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
