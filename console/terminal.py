"""What all commands have in common: options, the way to a gateway, two streams."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from console.client import Credentials, Failure, Gateway

FAILED: Final = 1
EPILOG = (
    "The secret is read from URAMOST_SECRET or asked for; it is never an argument,"
    " since others can see those."
)
output = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

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


def group(sentence: str) -> typer.Typer:
    return typer.Typer(
        help=sentence,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # they can show values, and values are personal
    )


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
