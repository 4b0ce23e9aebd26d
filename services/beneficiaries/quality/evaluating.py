"""Measuring the linkage on a labelled file, in memory: nothing of it is recorded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.scoring import Finding
from services.beneficiaries.linkage.traits import traits_of
from services.beneficiaries.particulars import Particulars
from services.beneficiaries.quality.matching import (
    Pair,
    Quality,
    findings,
    linked,
    pairs_within,
    persons_of,
    queued,
)
from services.beneficiaries.quality.rules import script

CUTOFFS = [half / 2 for half in range(-20, 41)]


class Labelled(NamedTuple):
    """A registration of the file, and who it truly is."""

    particulars: Particulars
    person: str
    agency: str | None


class Part(NamedTuple):
    """How pairs do that touch one script or one agency."""

    name: str
    true_pairs: int
    links: Quality
    links_and_queue: Quality


class Evaluation(NamedTuple):
    """What the file says of the linkage as it stands; shares are between 0 and 1."""

    registrations: int
    true_pairs: int
    candidates: int
    true_candidates: int
    links: Quality
    links_and_queue: Quality
    queue: float
    best_cutoff: float
    best: Quality
    scripts: list[Part]
    agencies: list[Part]


def evaluate(rows: Sequence[Labelled], on: date) -> Evaluation:
    """Link the rows as if all were recorded on a day; hold that against the truth."""
    labelled = {str(number): row for number, row in enumerate(rows)}
    folded = {one: traits_of(row.particulars, on) for one, row in labelled.items()}
    found = findings(folded, Frequencies.of(folded.values()))
    true = truth(labelled)
    persons = persons_of(linked(found))
    queue, links = queued(found, persons), pairs_within(persons)
    cutoff, best = best_cutoff(found, true)
    scripts, agencies = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for one, row in labelled.items():
        scripts[script(row.particulars.names)].add(one)
        if row.agency:
            agencies[row.agency].add(one)
    return Evaluation(
        len(labelled),
        len(true),
        len(found),
        len(true & found.keys()),
        Quality.of(links, true),
        Quality.of(links | queue, true),
        len({one for ends in queue for one in ends}) / len(labelled),
        cutoff,
        best,
        parts(scripts, links, queue, true),
        parts(agencies, links, queue, true),
    )


def truth(labelled: Mapping[str, Labelled]) -> set[Pair]:
    persons = defaultdict[str, set[str]](set)
    for one, row in labelled.items():
        persons[row.person].add(one)
    return pairs_within(persons.values())


def best_cutoff(
    found: Mapping[Pair, Finding], true: set[Pair]
) -> tuple[float, Quality]:
    """Find the cut-off with the highest F1 among pairs that nothing refutes."""
    standing = {ends: it.weight for ends, it in found.items() if not it.refuted}
    tried = (
        (cutoff, Quality.of({e for e, it in standing.items() if it >= cutoff}, true))
        for cutoff in CUTOFFS
    )
    return max(tried, key=lambda one: one[1].f1)


def parts(
    groups: Mapping[str, set[str]], links: set[Pair], queue: set[Pair], true: set[Pair]
) -> list[Part]:
    told = []
    for name, members in sorted(groups.items()):
        here, waiting, right = (
            {ends for ends in pairs if not members.isdisjoint(ends)}
            for pairs in (links, queue, true)
        )
        both = Quality.of(here | waiting, right)
        told.append(Part(name, len(right), Quality.of(here, right), both))
    return told
