"""Scoring: what speaks for two registrations being one person, level by level."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from services.beneficiaries.linkage import agreement, model
from services.beneficiaries.linkage.frequencies import AVERAGE, Frequencies
from services.beneficiaries.linkage.traits import Traits


class Verdict(StrEnum):
    SAME = "same"
    UNSURE = "unsure"
    NONE = "none"


class Fired(NamedTuple):
    """A comparison, the level on which the two agree, and what that weighs."""

    comparison: str
    label: str
    weight: float


_FIRED = {
    (name, label): Fired(name, label, weight)
    for name, weights in model.WEIGHTS.items()
    for label, weight in weights.items()
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The evidence on one pair; `weight` is the sum of the levels and of the prior."""

    weight: float
    levels: tuple[Fired, ...]
    vetoes: tuple[str, ...]
    strong: bool

    @property
    def refuted(self) -> bool:
        """Whether it is a relative or a namesake, whatever else the two share."""
        labels = {level.comparison: level.label for level in self.levels}
        if labels.get("document") in model.DOCUMENT_AGREES:
            return False
        if len(self.vetoes) > 1 or labels.get("given") == model.DIFFERS:
            return True
        return "birth" in self.vetoes and not any(
            labels.get(name) in model.SAME_HOME for name in ("address", "phone")
        )


def compare(left: Traits, right: Traits, frequencies: Frequencies = AVERAGE) -> Finding:
    """Weigh two registrations against each other; the order of the two is nothing.

    Without frequencies every name weighs what a name weighs on average.
    """
    labels = dict(_labels(left, right))
    rarity = _rarity(left, right, labels, frequencies)
    levels = tuple([_FIRED[fired] for fired in labels.items()])
    if rarity:
        levels = tuple([_adjusted(fired, rarity) for fired in levels])
    return Finding(
        weight=model.PRIOR_WEIGHT + sum([level.weight for level in levels]),
        levels=levels,
        vetoes=tuple(_vetoes(labels)),
        strong=labels.get("document") == model.SAME,
    )


def _adjusted(fired: Fired, rarity: dict[str, float]) -> Fired:
    return fired._replace(weight=fired.weight + rarity.get(fired.comparison, 0.0))


def _rarity(
    left: Traits, right: Traits, labels: dict[str, str], frequencies: Frequencies
) -> dict[str, float]:
    """Adjust the weight of a name that both have by how common it is."""
    if frequencies is AVERAGE:
        return {}
    shared = {
        "given": (left.given, right.given),
        "family": (left.family, right.family),
    }
    return {
        name: frequencies.adjustment(name, one[0], usual=model.SHARED[name])
        for name, (one, other) in shared.items()
        if labels.get(name) == model.SAME and one and one == other
    }


def verdict(finding: Finding) -> Verdict:
    """Link without a reviewer only with cause: enough weight and no veto."""
    if finding.weight < model.LOWER_CUTOFF or finding.refuted:
        return Verdict.NONE
    excused = 1 if finding.strong else 0
    if finding.weight < model.UPPER_CUTOFF or len(finding.vetoes) > excused:
        return Verdict.UNSURE
    return Verdict.SAME


def _labels(left: Traits, right: Traits) -> Iterator[tuple[str, str]]:
    yield from _names(left, right)
    if left.father and right.father:
        yield "father", agreement.father(left.father, right.father)
    if left.year and right.year:
        yield "birth", agreement.birth(left, right)
    if left.sex and right.sex:
        yield "sex", _same(left.sex == right.sex)
    if left.place and right.place:
        yield "place", _same(left.place == right.place)
    if left.address and right.address:
        yield "address", agreement.address(left.address, right.address)
    if left.phones and right.phones:
        yield "phone", _same(not set(left.phones).isdisjoint(right.phones))
    if (
        left.documents
        and right.documents
        and (label := agreement.document(left, right))
    ):
        yield "document", label


def _same(agree: bool) -> str:  # noqa: FBT001 -- the one thing it is told
    return model.SAME if agree else model.DIFFERS


def _names(left: Traits, right: Traits) -> Iterator[tuple[str, str]]:
    given, family = _given(left, right), _family(left, right)
    if given in _UNCLEAR and family in _UNCLEAR:
        crossed = _crossed(left, right)
        if crossed and _weight(*crossed) + _SWAPPING > _weight(given, family):
            given, family = crossed
            yield "order", model.SWAPPED
    if given:
        yield "given", given
    if family:
        yield "family", family


_UNCLEAR = frozenset({None, model.NEAR, model.DROPPED, model.DIFFERS, model.PART})
_UNNAMED = frozenset({None, model.NEAR})
_SWAPPING = model.WEIGHTS["order"][model.SWAPPED]


def _weight(given: str | None, family: str | None) -> float:
    return model.WEIGHTS["given"].get(given or "", 0.0) + model.WEIGHTS["family"].get(
        family or "", 0.0
    )


def _given(left: Traits, right: Traits) -> str | None:
    if left.given and right.given:
        return agreement.given(left, right)
    return None


def _family(left: Traits, right: Traits) -> str | None:
    """Compare every family name, present and former, and keep the best level."""
    level = None
    for one in (left.family, left.former):
        for other in (right.family, right.former):
            if one and other:
                found = agreement.names(one, other)
                level = agreement.better(level, found) if level else found
    return level


def _crossed(left: Traits, right: Traits) -> tuple[str, str] | None:
    """Compare each given name with the other's family name.

    The worse level counts as the given name's: brothers written in two orders share
    their family name only.
    """
    if not (left.given and left.family and right.given and right.family):
        return None
    one = agreement.names(left.given, right.family)
    other = agreement.names(left.family, right.given)
    return (other, one) if agreement.better(one, other) == one else (one, other)


def _vetoes(labels: dict[str, str]) -> Iterator[str]:
    """Name what forbids linking without a reviewer, whatever the weight.

    A document speaks for a given name that is missing or misspelt.
    """
    given, birth = labels.get("given"), labels.get("birth")
    if labels.get("sex") == model.DIFFERS:
        yield "sex"
    if birth in model.BIRTH_IS_ANOTHER:
        yield "birth"
    if labels.get("family") in model.FAMILY_NAME_IS_ANOTHER:
        yield "family"
    if labels.get("father") == model.DIFFERS:
        yield "father"
    if labels.get("document") == model.DIFFERS and not (
        given == model.SAME and birth == model.SAME
    ):
        yield "document"
    named = labels.get("document") in model.DOCUMENT_AGREES and given in _UNNAMED
    if given not in model.GIVEN_NAME_AGREES and not named:
        yield "twin" if birth in model.BIRTH_AGREES else "given"
