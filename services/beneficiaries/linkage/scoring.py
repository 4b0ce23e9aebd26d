"""Scoring: what speaks for two registrations being one person, level by level."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.beneficiaries.linkage import agreement, model, naming, vetoes
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

    `strong`: a strong identifier agrees, which is cause enough to link.
    """

    weight: float
    levels: tuple[Fired, ...]
    vetoes: tuple[str, ...]
    strong: bool
    refuted: bool


def compare(left: Traits, right: Traits, frequencies: Frequencies = AVERAGE) -> Finding:
    """Weigh two registrations against each other; the order of the two is nothing.

    Without frequencies every name weighs what a name weighs on average.
    """
    labels = agreement.labels(left, right, frequencies)
    return _weighed(left, right, labels, frequencies)


def alike(left: Traits, right: Traits, frequencies: Frequencies) -> Finding | None:
    """Give the finding on a pair that is to be kept; none for most, and soon."""
    besides = agreement.besides_names(left, right)
    if vetoes.strangers(besides):
        return None
    labels = naming.labels(left, right, frequencies) | besides
    finding = _weighed(left, right, labels, frequencies)
    return None if verdict(finding) is Verdict.NONE else finding


def _weighed(
    left: Traits, right: Traits, labels: Labels, frequencies: Frequencies
) -> Finding:
    finding = _finding(tuple(labels.items()))
    rarity = _rarity(left, right, labels, frequencies)
    return _adjusted(finding, rarity) if rarity else finding


def verdict(finding: Finding) -> Verdict:
    """Link without a reviewer only with cause: a strong identifier, or the weight."""
    if finding.weight < model.LOWER_CUTOFF or finding.refuted:
        return Verdict.NONE
    if finding.strong:
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
    against = vetoes.standing(labels)
    return Finding(
        weight=model.PRIOR_WEIGHT + sum(level.weight for level in levels),
        levels=levels,
        vetoes=against,
        strong=vetoes.strong(labels),
        refuted=vetoes.refuted(labels, against),
    )


def _adjusted(finding: Finding, rarity: dict[str, float]) -> Finding:
    levels = tuple(
        [
            Fired(one[0], one[1], one[2] + rarity[one[0]]) if one[0] in rarity else one
            for one in finding.levels
        ]
    )
    weight = model.PRIOR_WEIGHT + sum([level[2] for level in levels])
    return Finding(weight, levels, finding.vetoes, finding.strong, finding.refuted)


def _rarity(
    left: Traits, right: Traits, labels: Labels, frequencies: Frequencies
) -> dict[str, float]:
    """Adjust the weight of a name that both have by how common it is."""
    found = {}
    if labels.get("given") == model.SAME and left.given == right.given:
        found["given"] = frequencies.adjustment("given", left.given[0])
    if labels.get("family") == model.SAME and left.family == right.family != ():
        found["family"] = frequencies.adjustment("family", left.family[0])
    return {name: bits for name, bits in found.items() if bits}


def forget() -> None:
    """Forget what was weighed with other numbers than those that hold now."""
    _finding.cache_clear()
