"""How common names are in the registry: to share a rare name says more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log2
from typing import Self

from services.beneficiaries.linkage.traits import Traits

# A name seen once in a small registry is not as rare as its count says.
RAREST = 0.0005
# Below so many registrations the counts say little, and the model's average serves.
ENOUGH = 1_000


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Shares of the folded names among those that have one; kept in memory only."""

    given: Mapping[str, float] = field(default_factory=dict)
    family: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, registrations: Iterable[Traits]) -> Self:
        given, family = Counter[str](), Counter[str]()
        for traits in registrations:
            given.update(traits.given[:1])
            family.update(traits.family[:1])
        return cls(_shares(given), _shares(family))

    def adjustment(self, comparison: str, name: str, *, usual: float) -> float:
        """Tell how many bits sharing this name weighs more than sharing any name."""
        shares = self.given if comparison == "given" else self.family
        if not shares:
            return 0.0
        return log2(usual) - log2(max(shares.get(name, 0.0), RAREST))


AVERAGE = Frequencies()


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = counts.total()
    if total < ENOUGH:
        return {}
    return {name: count / total for name, count in counts.items()}
