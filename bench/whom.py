"""A model of who is whom, by what the desk has said: nothing of the registry's own."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

import asyncpg

Pair = tuple[int, int]
Two = tuple[asyncpg.Record, asyncpg.Record]


@dataclass
class Somebody:
    """One human being with three agencies, and what the desk has said of the pairs."""

    registrations: list[str] = field(default_factory=list)
    verdicts: dict[Pair, str] = field(default_factory=dict)
    judgements: dict[Pair, str] = field(default_factory=dict)
    doubtful: bool = False  # an answer was lost: the office has to be asked

    def standings(self) -> Iterator[tuple[str, str, bool]]:
        """Say where each registration stands: its person, and whether in doubt."""
        for own in range(len(self.registrations)):
            together = self._joined({own})
            doubt = any(
                self.verdicts[two] == "different" for two in combinations(together, 2)
            )
            key = own if doubt else together[0]
            yield self.registrations[own], self.registrations[key], doubt

    def _joined(self, some: set[int]) -> list[int]:
        """Give these and all that are the same, the oldest first."""
        more = {
            end
            for two, verdict in self.verdicts.items()
            if verdict == "same" and some & set(two)
            for end in two
        } | some
        return sorted(some) if more == some else self._joined(more)


def together(placements: Sequence[asyncpg.Record]) -> Iterator[Two]:
    """Give every two placements that hold the days of one person."""
    holding = defaultdict[UUID, list[asyncpg.Record]](list)
    for one in placements:
        waits = one["overlapping"] or one["contested"]
        if one["status"] == "accepted" and not waits:
            holding[one["person"]].append(one)
    for of_one in holding.values():
        yield from combinations(of_one, 2)


def meet(one: asyncpg.Record, other: asyncpg.Record) -> bool:
    """Tell whether two placements share a day."""
    first = one["starts_on"] <= other["ends_on"]
    return bool(first and other["starts_on"] <= one["ends_on"])
