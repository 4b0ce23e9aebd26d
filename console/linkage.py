"""The commands of the linkage: its keys, its numbers, and how good it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from console import labelled, quality
from console.client import Failure
from console.terminal import (
    EPILOG,
    Address,
    ClientId,
    bar,
    errors,
    group,
    output,
    reaching,
)

NOT_GOOD_ENOUGH: Final = 4
linkage = group("Upkeep of the linkage, and how good it is.")


@dataclass(frozen=True)
class Step:
    """What one step of re-keying has done, and how many registrations are left."""

    moved: int
    left: int


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


@linkage.command(epilog=EPILOG)
def train(
    gateway: Address,
    client: ClientId,
    to: Annotated[Path, typer.Option(help="Where the proposed numbers go.")] = Path(
        "weights.toml"
    ),
) -> None:
    """Train the model on the registry's own data; a person adopts what is proposed."""
    with reaching(gateway, client) as reached:
        path = "/beneficiaries/linkage/training"
        trained = reached.request("POST", path, quality.Training)
        output.print(quality.proposed(trained))
        quality.write(to, trained.weights)
    output.print(
        f"Counted on {trained.registrations} registrations; nothing is adopted yet."
    )
    errors.print(f"The proposed numbers are in {to}.")


@linkage.command(epilog=EPILOG)
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="CSV or JSON Lines, each row with its person.")
    ],
    gateway: Address,
    client: ClientId,
    at_least: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SHARE", help="precision, recall, f1 or found."),
    ] = None,
) -> None:
    """Measure the linkage on a labelled file; nothing of it is recorded.

    `found` is recall with the queue counted. Below what is asked, it ends with 4.
    """
    asked = quality.thresholds(at_least or [])
    with reaching(gateway, client) as reached:
        body = {"rows": labelled.read(file)}
        path = "/beneficiaries/linkage/evaluation"
        found = reached.request("POST", path, quality.Evaluation, json=body)
    output.print(quality.evaluated(found))
    missed = [
        f"{name} is {found.value(name):.4f}, not {share}"
        for name, share in asked.items()
        if found.value(name) < share
    ]
    if missed:
        errors.print(f"Not good enough: {'; '.join(missed)}.")
        raise typer.Exit(NOT_GOOD_ENOUGH)


@linkage.command(epilog=EPILOG)
def sample(
    gateway: Address,
    client: ClientId,
    most: Annotated[
        int, typer.Option(min=1, max=200, help="Of links, and of near misses.")
    ] = 30,
) -> None:
    """Put a random sample of pairs before the reviewers, for the standing report."""
    with reaching(gateway, client) as reached:
        path = "/beneficiaries/linkage/samples"
        drawn = reached.request("POST", path, quality.Sample, json={"most": most})
    output.print(f"{drawn.linked} links and {drawn.below} near misses wait for review.")


@linkage.command("quality", epilog=EPILOG)
def show_quality(gateway: Address, client: ClientId) -> None:
    """Show the standing report: how many links are right, and how many are found."""
    with reaching(gateway, client) as reached:
        path = "/beneficiaries/linkage/quality"
        report = reached.request("GET", path, quality.Report)
    output.print(quality.reported(report))
    for name in report.linked_worse():
        errors.print(f"{name} is linked worse than the rest, beyond chance.")
