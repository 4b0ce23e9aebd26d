"""The generated region through the linkage model: links, queue, communities, twins.

python -m bench.region [--people 30000] [--names measuring] [--seed 2] [--peer]

With --peer Splink and its usual comparators read the same file. Names are counted over
the whole file, as the census has them once everybody has come. A second population, of
many twins, is for the twins alone.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations

from bench.frozen import configuration
from bench.matching import (
    Pair,
    Quality,
    findings,
    linked,
    pairs_within,
    persons_of,
    queued,
)
from bench.peer import peer, show
from bench.population import Record, population
from bench.population_people import Part
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.scoring import Finding
from services.beneficiaries.linkage.traits import traits_of

TWINS_OFTEN = 0.4  # of births, so that a thousand pairs are soon together
PEOPLE_FOR_TWINS = 7_000
RESAMPLED = 500
RECORDED = date(2026, 1, 1)  # by which a child is told, as on every form
BOUND = 0.95
Records = Mapping[str, Record]


def truth(records: Records) -> set[Pair]:
    persons: dict[int, set[str]] = defaultdict(set)
    for source_id, record in records.items():
        persons[record.person].add(source_id)
    return pairs_within(persons.values())


def weighed(records: Records) -> dict[Pair, Finding]:
    folded = {
        source_id: traits_of(record.particulars, RECORDED)
        for source_id, record in records.items()
    }
    return findings(folded, Frequencies.of(folded.values()))


def report(records: Records, found: dict[Pair, Finding]) -> None:
    true, links = truth(records), linked(found)
    persons = persons_of(links)
    queue = queued(found, persons)
    waiting = {source_id for ends in queue for source_id in ends}
    together = pairs_within(persons) | queue
    print(f"configuration   {configuration()}")
    print(f"{len(records)} registrations, {len(true)} true pairs")
    print(f"candidates      {len(found)}, of them true {len(true & found.keys())}")
    print(f"best cut-off    {best_cutoff(found, true)}  chosen with the truth in hand")
    print(f"links           {Quality.of(links, true)}")
    print(f"links, closed   {Quality.of(pairs_within(persons), true)}")
    print(f"links and queue {Quality.of(together, true)}")
    print(f"queue           {len(waiting) / len(records):.2%} of registrations")
    communities(records, true, together)


def best_cutoff(found: dict[Pair, Finding], true: set[Pair]) -> Quality:
    """Find the cut-off with the highest F1 among pairs that nothing refutes."""
    standing = {ends: it.weight for ends, it in found.items() if not it.refuted}
    tried = (
        Quality.of({e for e, weight in standing.items() if weight >= cutoff}, true)
        for cutoff in range(-5, 20)
    )
    return max(tried, key=lambda quality: quality.f1)


def communities(records: Records, true: set[Pair], together: set[Pair]) -> None:
    """Print each community's recall, and how far apart two of them may truly be."""
    hits: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for ends in sorted(true):
        record = records[ends[0]]
        hits[record.community][record.person].append(ends in together)
    for community, persons in sorted(hits.items()):
        recall, pairs = _recall(persons.values())
        print(f"  {community:24} {pairs:6} pairs  R {recall:.4f}")
    chance = random.Random(1)
    gaps = sorted(_gap(hits, chance) for _ in range(RESAMPLED))
    bound = gaps[int(BOUND * RESAMPLED)]
    print(f"largest gap     at most {bound:.4f} (95 %, persons resampled)")


def _recall(persons: Iterable[list[bool]]) -> tuple[float, int]:
    found = pairs = 0
    for hits in persons:
        found, pairs = found + sum(hits), pairs + len(hits)
    return found / pairs, pairs


def _gap(hits: Mapping[str, Mapping[int, list[bool]]], chance: random.Random) -> float:
    recalls = [
        _recall(chance.choices(list(persons.values()), k=len(persons)))[0]
        for persons in hits.values()
    ]
    return max(recalls) - min(recalls)


def twins(names: Part, seed: int) -> None:
    """Count the twins of whom both are registered, and those who came to be one."""
    drawn = population(PEOPLE_FOR_TWINS, seed=seed, names=names, twins=TWINS_OFTEN)
    records = {record.source_id: record for record in drawn}
    persons = persons_of(linked(weighed(records)))
    present = {record.person for record in records.values()}
    elder = {
        record.person: record.elder_twin
        for record in records.values()
        if record.elder_twin in present
    }
    merged = {
        ends
        for members in persons
        for ends in combinations(sorted({records[one].person for one in members}), 2)
        if elder.get(ends[1]) == ends[0]
    }
    print(f"twins           {len(elder)} pairs, of them merged {len(merged)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument(
        "--names",
        choices=("tuning", "checking", "measuring", "all"),
        default="measuring",
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--peer", action="store_true")
    chosen = parser.parse_args()
    drawn = population(chosen.people, seed=chosen.seed, names=chosen.names)
    records = {record.source_id: record for record in drawn}
    report(records, weighed(records))
    twins(chosen.names, chosen.seed)
    if chosen.peer:
        show("Splink, the same file", peer(records), truth(records))


if __name__ == "__main__":
    main()
