"""Linking in memory, as the registry links: keys, candidates, comparison, verdict."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import combinations
from math import log
from typing import NamedTuple

from services.beneficiaries.linkage.frequencies import AVERAGE, Frequencies
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.scoring import Finding, Verdict, compare, verdict
from services.beneficiaries.linkage.store import HOLDERS, MOST
from services.beneficiaries.linkage.traits import Traits

Pair = tuple[str, str]


class Quality(NamedTuple):
    """Precision, recall and F1 of a set of pairs."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, found: set[Pair], truth: set[Pair]) -> "Quality":
        right = len(found & truth)
        return cls(
            right / max(1, len(found)),
            right / max(1, len(truth)),
            2 * right / max(1, len(found) + len(truth)),
        )

    def __str__(self) -> str:
        return f"P {self.precision:.5f}  R {self.recall:.5f}  F1 {self.f1:.5f}"


def candidates(registrations: Mapping[str, Traits]) -> Iterator[Pair]:
    """Pair everybody with whom the registry would compare them as they come.

    Those first that share the rarest keys, and of these whoever came last.
    """
    holders: dict[int, list[str]] = defaultdict(list)
    came = {source_id: at for at, source_id in enumerate(registrations)}
    for source_id, traits in registrations.items():
        shared: dict[str, int] = defaultdict(int)
        for key in match_keys(traits, b"in memory"):
            met = holders[key][:HOLDERS]
            for other in met:
                shared[other] += round(1000 * log(2 * HOLDERS / len(met)))
            holders[key].append(source_id)
        ranks = {other: (told, came[other]) for other, told in shared.items()}
        for other in nlargest(MOST, ranks, key=ranks.__getitem__):
            yield pair(source_id, other)


def findings(
    registrations: Mapping[str, Traits], frequencies: Frequencies = AVERAGE
) -> dict[Pair, Finding]:
    return {
        (left, right): compare(registrations[left], registrations[right], frequencies)
        for left, right in candidates(registrations)
    }


def linked(found: Mapping[Pair, Finding]) -> set[Pair]:
    return {ends for ends, it in found.items() if verdict(it) is Verdict.SAME}


def queued(found: Mapping[Pair, Finding], persons: Iterable[set[str]]) -> set[Pair]:
    """Unsure pairs, less those whose two ends are already one person by other links."""
    person = {one: n for n, members in enumerate(persons) for one in members}
    return {
        (left, right)
        for (left, right), finding in found.items()
        if verdict(finding) is Verdict.UNSURE
        and person.get(left, left) != person.get(right, right)
    }


def persons_of(links: Iterable[Pair]) -> list[set[str]]:
    """Close the links: groups of two and more registrations."""
    group: dict[str, set[str]] = {}
    for left, right in links:
        joined = group.get(left, {left}) | group.get(right, {right})
        group.update(dict.fromkeys(joined, joined))
    return list({id(members): members for members in group.values()}.values())


def pairs_within(persons: Iterable[set[str]]) -> set[Pair]:
    return {
        pair(*ends) for members in persons for ends in combinations(sorted(members), 2)
    }


def pair(left: str, right: str) -> Pair:
    return (left, right) if left < right else (right, left)
