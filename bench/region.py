"""The generated region through the linkage model: links, queue, communities, twins.

python -m bench.region [--people 12000] [--names measuring] [--seed 2]
"""

import argparse
from collections import Counter, defaultdict

from bench.matching import (
    Pair,
    Quality,
    findings,
    linked,
    pairs_within,
    persons_of,
    queued,
)
from bench.population import Record, population
from services.beneficiaries.linkage.scoring import Finding
from services.beneficiaries.linkage.traits import traits_of


def truth(records: dict[str, Record]) -> set[Pair]:
    persons: dict[int, set[str]] = defaultdict(set)
    for source_id, record in records.items():
        persons[record.person].add(source_id)
    return pairs_within(persons.values())


def report(records: dict[str, Record], found: dict[Pair, Finding]) -> None:
    true, links = truth(records), linked(found)
    persons = persons_of(links)
    queue = queued(found, persons)
    waiting = {source_id for ends in queue for source_id in ends}
    together = pairs_within(persons) | queue
    print(f"{len(records)} registrations, {len(true)} true pairs")
    print(f"candidates      {len(found)}, of them true {len(true & found.keys())}")
    print(f"best cut-off    {_best_cutoff(found, true)}  chosen with the truth in hand")
    print(f"links           {Quality.of(links, true)}")
    print(f"links, closed   {Quality.of(pairs_within(persons), true)}")
    print(f"links and queue {Quality.of(together, true)}")
    print(f"queue           {len(waiting) / len(records):.2%} of registrations")
    _communities(records, true, together)
    _twins(records, links)


def _best_cutoff(found: dict[Pair, Finding], true: set[Pair]) -> Quality:
    """Find the cut-off with the highest F1 among pairs that nothing refutes."""
    standing = {ends: it.weight for ends, it in found.items() if not it.refuted}
    tried = (
        Quality.of({e for e, weight in standing.items() if weight >= cutoff}, true)
        for cutoff in range(-5, 20)
    )
    return max(tried, key=lambda quality: quality.f1)


def _communities(
    records: dict[str, Record], true: set[Pair], together: set[Pair]
) -> None:
    pairs = Counter(records[left].community for left, _ in true)
    hits = Counter(records[left].community for left, _ in true & together)
    for community, count in pairs.most_common():
        print(f"  {community:24} {count:6} pairs  R {hits[community] / count:.4f}")


def _twins(records: dict[str, Record], links: set[Pair]) -> None:
    """Count the twins of whom both are registered, and those that were linked."""
    person = {source_id: record.person for source_id, record in records.items()}
    present = set(person.values())
    elder = {
        record.person: record.elder_twin
        for record in records.values()
        if record.elder_twin in present
    }
    merged = {
        (person[one], person[other])
        for left, right in links
        for one, other in ((left, right), (right, left))
        if elder.get(person[one]) == person[other]
    }
    print(f"twins           {len(elder)} pairs, of them merged {len(merged)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument(
        "--names", choices=("tuning", "measuring", "all"), default="all"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    drawn = population(chosen.people, seed=chosen.seed, names=chosen.names)
    records = {record.source_id: record for record in drawn}
    folded = {
        source_id: traits_of(record.particulars)
        for source_id, record in records.items()
    }
    report(records, findings(folded))


if __name__ == "__main__":
    main()
