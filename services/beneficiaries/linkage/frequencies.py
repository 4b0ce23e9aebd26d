"""How common names are in the registry: to share a rare name says more.

A name that hardly anybody bears, one slip away from a common one, is that one mistyped:
so names are told apart by the registry's own people, not by a list of right names.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log2
from string import ascii_lowercase
from typing import Self

from rapidfuzz.distance import OSA

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.traits import Traits

# A name seen once in a small registry is not as rare as its count says.
RAREST = 0.0005
# Below so many registrations the counts say little, and the model's average serves.
ENOUGH = 1_000
# A name that so many bear is mistyped at times; in one same way by one in so many.
COMMON, MISTYPED = 10, 500
# Another name that is as near is a rival if it has this share of the bearers.
RIVAL = 1 / 3
# A given name is borne by so many, and by so many times more than have it for a family.
FEW, FAMILIAR = 3, 3
SLIPS = 2  # in one name at most
OF_ITS_OWN = 1 / 10  # of the bearers of a name who are so called, or mistyped, at most
Words = tuple[str, ...]


@dataclass(slots=True)
class Frequencies:
    """How many registrations bear a folded given or family name; in memory only."""

    given: Counter[str] = field(default_factory=Counter)
    family: Counter[str] = field(default_factory=Counter)
    total: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.total = {"given": self.given.total(), "family": self.family.total()}

    @classmethod
    def of(cls, registrations: Iterable[Traits]) -> Self:
        counted = cls()
        for traits in registrations:
            counted.add(traits)
        return counted

    def add(self, traits: Traits, by: int = 1) -> None:
        if traits.never_match:
            return
        named = {"given": traits.given[:1], "family": traits.family[:1]}
        for part, names in named.items():
            counts: Counter[str] = getattr(self, part)
            for name in names:
                if counts[name] + by >= 0:
                    counts[name] += by
                    self.total[part] += by

    def rename(self, before: Traits, after: Traits) -> None:
        """Count somebody under another fold of the names."""
        self.add(before, -1)
        self.add(after)

    def adjustment(self, comparison: str, name: str) -> float:
        """Tell how many bits sharing this name weighs more than sharing any name."""
        total = self.total[comparison]
        if total < ENOUGH:
            return 0.0
        counts = self.given if comparison == "given" else self.family
        return log2(model.SHARED[comparison] / max(counts[name] / total, RAREST))

    def mistyped(self, left: Words, right: Words) -> bool:
        """Whether one of two given names is but the other, mistyped.

        Arka may be Arta or Arba, so it is neither where both are as common.
        """
        if len(left) != 1 or len(right) != 1:
            return False
        rare, common = sorted((left[0], right[0]), key=self.given.__getitem__)
        often = self.given[common]
        if often < COMMON or self.given[rare] > max(1, often // MISTYPED):
            return False
        if OSA.distance(rare, common, score_cutoff=SLIPS) > SLIPS:
            return False
        near = set(one_slip_from(rare)) - {rare}
        rivals = max(FEW, often * RIVAL) if common in near else FEW
        return all(self.given[name] < rivals for name in near - {common})

    def both_in_use(self, left: Words, right: Words) -> bool:
        """Whether each of two given names has bearers of its own."""
        rarer, often = sorted((self.given[left[0]], self.given[right[0]]))
        return rarer >= max(FEW, often * OF_ITS_OWN)

    def given_first(self, names: Words) -> bool:
        """Whether what stands as a given name is known to be one."""
        known = self.given[names[0]] if names else 0
        return known >= FEW and known > FAMILIAR * self.family[names[0]]


def one_slip_from(name: str) -> Iterator[str]:
    """Give all that one letter lost, added, mistaken or transposed makes of a name."""
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    for head, tail in cuts:
        yield from (head + letter + tail for letter in ascii_lowercase)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


AVERAGE = Frequencies()
