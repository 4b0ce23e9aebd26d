"""What the registry answers on its own quality, and the tables that show it."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.table import Table

from console.client import Failure

TOO_FEW: Final = "too few"
NAMES: Final = ("precision", "recall", "f1", "found")


@dataclass(frozen=True)
class Numbers:
    m: float
    u: float
    m_kept: bool = False
    u_kept: bool = False


@dataclass(frozen=True)
class Level:
    comparison: str
    label: str
    before: Numbers
    proposed: Numbers


@dataclass(frozen=True)
class Training:
    """A proposal, and the file by which a person adopts it."""

    registrations: int
    levels: tuple[Level, ...]
    weights: str


@dataclass(frozen=True)
class Quality:
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Part:
    name: str
    true_pairs: int
    links: Quality
    links_and_queue: Quality


@dataclass(frozen=True)
class Evaluation:
    """The linkage held against a labelled file."""

    registrations: int
    true_pairs: int
    links: Quality
    links_and_queue: Quality
    queue: float
    best_cutoff: float
    best: Quality
    scripts: tuple[Part, ...]
    agencies: tuple[Part, ...]

    def value(self, name: str) -> float:
        if name == "found":
            return self.links_and_queue.recall
        return {
            "precision": self.links.precision,
            "recall": self.links.recall,
            "f1": self.links.f1,
        }[name]


@dataclass(frozen=True)
class Sample:
    linked: int
    below: int


@dataclass(frozen=True)
class Rate:
    rate: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.rate} % ({self.low} to {self.high})"


@dataclass(frozen=True)
class Group:
    name: str
    precision: Rate | None
    recall: Rate | None
    linked_worse: bool


@dataclass(frozen=True)
class Report:
    """The standing report of a day."""

    day: str
    precision: Rate | None
    recall: Rate | None
    scripts: tuple[Group, ...]
    agencies: tuple[Group, ...]
    communities: tuple[Group, ...]

    def groups(self) -> Iterable[Group]:
        return (*self.scripts, *self.agencies, *self.communities)

    def linked_worse(self) -> list[str]:
        return [one.name for one in self.groups() if one.linked_worse]


def thresholds(told: Iterable[str]) -> dict[str, float]:
    """Read NAME=SHARE, or say what is wrong with it."""
    asked = dict(_threshold(one) for one in told)
    if wrong := [name for name, share in asked.items() if not 0 <= share <= 1]:
        sentence = f"{wrong[0]} is a share between 0 and 1."
        raise typer.BadParameter(sentence)
    return asked


def _threshold(told: str) -> tuple[str, float]:
    name, _, share = told.partition("=")
    if name in NAMES:
        with suppress(ValueError):
            return name, float(share)
    sentence = f"{told} is no threshold; try precision=0.99 ({', '.join(NAMES)})."
    raise typer.BadParameter(sentence)


def proposed(trained: Training) -> Table:
    table = Table("Comparison", "Level", "m", "proposed", "u", "proposed")
    for one in trained.levels:
        table.add_row(
            one.comparison,
            one.label,
            f"{one.before.m:.5f}",
            _shown(one.proposed.m, 5, kept=one.proposed.m_kept),
            f"{one.before.u:.6f}",
            _shown(one.proposed.u, 6, kept=one.proposed.u_kept),
        )
    return table


def _shown(share: float, digits: int, *, kept: bool) -> str:
    return "kept" if kept else f"{share:.{digits}f}"


def evaluated(found: Evaluation) -> Table:
    table = Table("", "Pairs", "Precision", "Recall", "F1")
    rows = (
        ("links", found.links),
        ("links and queue", found.links_and_queue),
        (f"best cut-off, {found.best_cutoff:g}", found.best),
    )
    for name, quality in rows:
        table.add_row(name, str(found.true_pairs), *_quality(quality))
    for part in (*found.scripts, *found.agencies):
        table.add_row(part.name, str(part.true_pairs), *_quality(part.links_and_queue))
    table.add_row("queue", f"{found.queue:.2%} of {found.registrations}", "", "", "")
    return table


def _quality(quality: Quality) -> tuple[str, ...]:
    return tuple(
        f"{share:.4f}" for share in (quality.precision, quality.recall, quality.f1)
    )


def reported(report: Report) -> Table:
    table = Table(report.day, "Links that are right", "Pairs that are found")
    everybody = Group("all", report.precision, report.recall, linked_worse=False)
    for one in (everybody, *report.groups()):
        shown = (str(rate or TOO_FEW) for rate in (one.precision, one.recall))
        table.add_row(one.name, *shown)
    return table


def write(file: Path, text: str) -> None:
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(made, "w", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        sentence = f"{file} is there already, and is left as it is."
        raise Failure(sentence) from None
    except OSError as cause:
        sentence = f"{file} cannot be written ({cause.strerror})."
        raise Failure(sentence) from None
