"""The file of the model's numbers: proposed by training, adopted by a person.

A process takes another file than the packaged one at its start or not at all. The file
has the same comparisons and levels in the same order: what they mean is code.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from services.beneficiaries.linkage import model, scoring
from services.kit.settings import NotConfigured

Comparisons = Mapping[str, Sequence[model.Level]]
# Chosen by hand: the order of names is no level of its own, but of the two beside it.
UNTRAINED = frozenset({"order"})
SUM = 1.0
ABOUT = 0.05  # of the sum: levels are rounded, kept and drawn apart
HEAD = """\
# The numbers of the linkage model, level by level, tried in this order.
#
# m is how often a level occurs between two records of one person, u how often between
# two records of two people; its weight is log2(m / u). `uramost linkage train` and
# `python -m bench.train` write this file.
"""


class Share(NamedTuple):
    """How often a level occurs, and whether that is kept for want of observations."""

    share: float
    kept: bool


class Proposed(NamedTuple):
    m: Share
    u: Share


Proposal = Mapping[str, Mapping[str, Proposed]]


class Unfit(NotConfigured):
    """A file of weights lacks something, or holds numbers that cannot be."""


def written(proposal: Proposal) -> str:
    """Write a proposal as the file that a person can adopt."""
    tables = (
        f"\n[{name}]\n" + "".join(_line(label, one) for label, one in levels.items())
        for name, levels in proposal.items()
    )
    return HEAD + "".join(tables)


def _line(label: str, proposed: Proposed) -> str:
    m, u = proposed.m.share, proposed.u.share
    return f'"{label}" = {{ m = {m:.5f}, u = {u:.6f} }}\n'


def read(text: str) -> dict[str, tuple[model.Level, ...]]:
    """Read a file, or say in one sentence why it cannot be adopted."""
    try:
        comparisons = model.read(text)
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as cause:
        sentence = "The weights are not a table of levels with m and u."
        raise Unfit(sentence) from cause
    for sentence in wrong(comparisons):
        raise Unfit(sentence)
    return comparisons


def wrong(comparisons: Comparisons) -> Iterator[str]:
    """Say what is missing or impossible, in the order of the declaration."""
    if list(comparisons) != list(model.COMPARISONS):
        yield "The weights do not have the comparisons of this model, in their order."
        return
    for name, levels in comparisons.items():
        labels = [level.label for level in levels]
        if labels != [level.label for level in model.COMPARISONS[name]]:
            yield f"The weights of “{name}” do not have its levels, in their order."
        elif not all(_possible(level) for level in levels):
            yield f"The weights of “{name}” hold a number that is no probability."
        elif not all(
            _whole(sum(part)) for part in zip(*map(_pair, levels), strict=True)
        ):
            yield f"The weights of “{name}” do not add up to one."


def _pair(level: model.Level) -> tuple[float, float]:
    return level.m, level.u


def _possible(level: model.Level) -> bool:
    return all(
        isinstance(share, float) and 0.0 < share <= SUM for share in _pair(level)
    )


def _whole(total: float) -> bool:
    return abs(total - SUM) <= ABOUT


def adopt(file: Path | None) -> None:
    """Score with the numbers of a file from now on; before the first registration."""
    if file is None:
        return
    try:
        comparisons = read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as cause:
        sentence = f"The weights in {file} cannot be read."
        raise Unfit(sentence) from cause
    if any(comparisons[name] != model.COMPARISONS[name] for name in UNTRAINED):
        sentence = "The weights change what is chosen by hand."
        raise Unfit(sentence)
    take(comparisons)


def take(comparisons: Mapping[str, tuple[model.Level, ...]]) -> None:
    for name, levels in comparisons.items():
        model.COMPARISONS[name] = levels
        model.WEIGHTS[name] = {level.label: level.weight for level in levels}
        if name in model.SHARED:
            [model.SHARED[name]] = [one.u for one in levels if one.label == model.SAME]
    scoring.forget()
