"""Scoring: what speaks for two registrations being one person, level by level."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.beneficiaries.linkage import agreement, model, vetoes
from services.beneficiaries.linkage.frequencies import AVERAGE, Frequencies
from services.beneficiaries.linkage.traits import Traits

# Ways in which two registrations agree, of which there are few; no trait is kept.
REMEMBERED = 65_536
Labels = dict[str, str]


class Verdict(StrEnum):
    SAME = "same"
    UNSURE = "unsure"
    NONE = "none"


class Fired(NamedTuple):
    """A comparison, the level on which the two agree, and what that weighs."""

    comparison: str
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The evidence on one pair; `weight` is the sum of the levels and of the prior.

    `strong`: a strong identifier agrees; `excused`: that is cause enough to link.
    """

    weight: float
    levels: tuple[Fired, ...]
    vetoes: tuple[str, ...]
    strong: bool
    excused: bool
    refuted: bool


def compare(left: Traits, right: Traits, frequencies: Frequencies = AVERAGE) -> Finding:
    """Weigh two registrations against each other; the order of the two is nothing.

    Without frequencies every name weighs what a name weighs on average.
    """
    labels = agreement.labels(left, right)
    finding = _finding(tuple(labels.items()))
    if frequencies is AVERAGE:
        return finding
    return _adjusted(finding, _rarity(left, right, labels, frequencies))


def verdict(finding: Finding) -> Verdict:
    """Link without a reviewer only with cause: a strong identifier, or the weight."""
    if finding.weight < model.LOWER_CUTOFF or finding.refuted:
        return Verdict.NONE
    if finding.excused:
        return Verdict.SAME
    if finding.weight < model.UPPER_CUTOFF or finding.vetoes:
        return Verdict.UNSURE
    return Verdict.SAME


@lru_cache(maxsize=REMEMBERED)
def _finding(pattern: tuple[tuple[str, str], ...]) -> Finding:
    labels = dict(pattern)
    levels = tuple(
        Fired(name, label, model.WEIGHTS[name][label]) for name, label in pattern
    )
    against, strong = vetoes.standing(labels), vetoes.strong(labels)
    return Finding(
        weight=model.PRIOR_WEIGHT + sum(level.weight for level in levels),
        levels=levels,
        vetoes=against,
        strong=strong,
        excused=strong and vetoes.excused(labels, against),
        refuted=vetoes.refuted(labels, against),
    )


def _adjusted(finding: Finding, rarity: dict[str, float]) -> Finding:
    levels = tuple(
        fired._replace(weight=fired.weight + rarity.get(fired.comparison, 0.0))
        for fired in finding.levels
    )
    weight = model.PRIOR_WEIGHT + sum(level.weight for level in levels)
    return replace(finding, weight=weight, levels=levels)


def _rarity(
    left: Traits, right: Traits, labels: Labels, frequencies: Frequencies
) -> dict[str, float]:
    """Adjust the weight of a name that both have by how common it is."""
    shared = {
        "given": (left.given, right.given),
        "family": (left.family, right.family),
    }
    return {
        name: frequencies.adjustment(name, one[0], usual=model.SHARED[name])
        for name, (one, other) in shared.items()
        if labels.get(name) == model.SAME and one and one == other
    }
