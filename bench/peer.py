# ruff: noqa: RUF001 -- Cyrillic and Turkish letters are the subject
"""The peer: Splink with its usual comparators, on the files that ours is measured on.

    python -m bench.peer [--people 12000] [--names measuring] [--seed 2]
        [--febrl FOLDER]

Names are stripped to ASCII, Cyrillic is transliterated letter by letter: what an office
does that has no tables of orthography. For FEBRL all is as in Splink's own examples.
"""

import argparse
import csv
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from splink import DuckDBAPI, Linker, SettingsCreator

from bench.febrl import SETS
from bench.febrl import truth as febrl_truth
from bench.matching import Pair, Quality, pair, pairs_within
from bench.peer_tasks import FEBRL, REGION, Task
from bench.population import Record, population
from bench.population_spelling import CYRILLIC
from services.beneficiaries.particulars import Precision

Rows = list[dict[str, Any]]
Weights = dict[Pair, float]
RANDOM_PAIRS = 5e6
LOWEST = -10.0  # bits; below, no cut-off is looked for
SURE, WIDE = 0.998, 0.94  # where precision and recall are read

LATIN = {letter: latin for latin, letter in CYRILLIC.items()} | {
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}
NO_DECOMPOSITION = str.maketrans({"đ": "dj", "ı": "i"})


def peer(records: Mapping[str, Record]) -> Weights:
    """Weigh the pairs that Splink finds among generated registrations."""
    return weighed([[_row(record) for record in records.values()]], REGION)


def weighed(tables: Sequence[Rows], task: Task) -> Weights:
    """Train by EM, as Splink's guides do, and predict; two tables are linked only."""
    settings = SettingsCreator(
        link_type="link_only" if len(tables) > 1 else "dedupe_only",
        comparisons=list(task.comparisons),
        blocking_rules_to_generate_predictions=list(task.blocked),
        retain_matching_columns=False,
    )
    database = DuckDBAPI()
    registered = [database.register(rows) for rows in tables]
    linker = Linker(registered, settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        list(task.rules), recall=task.found_by_rules
    )
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for rule in task.trained:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    predicted = linker.inference.predict(threshold_match_weight=LOWEST)
    return {
        pair(row["unique_id_l"], row["unique_id_r"]): row["match_weight"]
        for row in predicted.as_record_list()
    }


def _row(record: Record) -> dict[str, Any]:
    told = record.particulars
    exact = told.birth.precision is Precision.DAY
    known = {
        "given": told.names.given,
        "family": told.names.family,
        "father": told.names.father,
        "sex": told.sex if told.sex in {"female", "male"} else None,
        "place": told.place,
        "address": told.address,
        "phone": told.phones[0] if told.phones else None,
        "document": told.documents[0].number if told.documents else None,
    }
    born = told.birth.value
    return {
        "unique_id": record.source_id,
        "birth": born if exact else None,
        "year": born[:4] if born else None,
        **{name: bare(text) if text else None for name, text in known.items()},
    }


def bare(text: str) -> str:
    latin = "".join(LATIN.get(sign, sign) for sign in text.lower())
    decomposed = unicodedata.normalize("NFKD", latin.translate(NO_DECOMPOSITION))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


class Reading(NamedTuple):
    """What the weights are worth, wherever the cut-off is put."""

    best: Quality
    cutoff: float
    sure_recall: float  # where precision is high enough to link without a reviewer
    wide_precision: float  # where recall is that of a registry


def read(weights: Weights, true: set[Pair]) -> Reading:
    """Move the cut-off down pair by pair; equal weights stand on one side of it."""
    by_weight = defaultdict[float, list[bool]](list)
    for ends, weight in weights.items():
        by_weight[weight].append(ends in true)
    found = right = 0
    tried: list[tuple[float, Quality]] = []
    for weight in sorted(by_weight, reverse=True):
        found += len(by_weight[weight])
        right += sum(by_weight[weight])
        f1 = 2 * right / (found + len(true))
        tried.append((weight, Quality(right / found, right / len(true), f1)))
    cutoff, best = max(tried, key=lambda one: one[1].f1)
    return Reading(
        best,
        cutoff,
        max((it.recall for _, it in tried if it.precision >= SURE), default=0.0),
        max((it.precision for _, it in tried if it.recall >= WIDE), default=0.0),
    )


def show(name: str, weights: Weights, true: set[Pair]) -> float:
    """Print what a file's pairs are worth, and give the best cut-off."""
    reading = read(weights, true)
    print(f"{name}: {len(true)} true pairs")
    print(
        f"  candidates      {len(weights)}, of them true {len(true & weights.keys())}"
    )
    print(f"  best cut-off    {reading.best}  at {reading.cutoff:.2f}")
    print(f"  recall at P {SURE}    {reading.sure_recall:.4f}")
    print(f"  precision at R {WIDE} {reading.wide_precision:.4f}")
    return reading.cutoff


def region(people: int, names: Any, seed: int) -> None:  # noqa: ANN401 -- argparse's
    drawn = population(people, seed=seed, names=names)
    records = {record.source_id: record for record in drawn}
    persons = defaultdict[int, set[str]](set)
    for source_id, record in records.items():
        persons[record.person].add(source_id)
    true, weights = pairs_within(persons.values()), peer(records)
    cutoff = show(f"Splink, {len(records)} registrations", weights, true)
    links = {ends for ends, weight in weights.items() if weight >= cutoff}
    for community, recall in by_community(records, true, links).items():
        print(f"  {community:24} R {recall:.4f}")
    print(f"  twins merged    {len(twins(records, links))}")


def by_community(
    records: Mapping[str, Record], true: set[Pair], links: set[Pair]
) -> dict[str, float]:
    pairs = Counter(records[left].community for left, _ in true)
    hits = Counter(records[left].community for left, _ in true & links)
    return {name: hits[name] / count for name, count in pairs.most_common()}


def twins(records: Mapping[str, Record], links: Iterable[Pair]) -> set[frozenset[int]]:
    """Find the pairs of twins of whom some registrations were linked."""
    elder = {record.person: record.elder_twin for record in records.values()}
    joined = (
        frozenset((records[left].person, records[right].person))
        for left, right in links
    )
    return {
        two for two in joined if len(two) > 1 and any(elder[one] in two for one in two)
    }


def febrl(folder: Path) -> None:
    for name, files in SETS.items():
        tables = [list(_febrl_rows(folder / file)) for file in files]
        true = febrl_truth(row["unique_id"] for rows in tables for row in rows)
        show(f"Splink, {name}", weighed(tables, FEBRL[name]), true)


def _febrl_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            plain = {column: it.strip() or None for column, it in row.items()}
            yield {"unique_id": plain.pop("rec_id"), **plain}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument(
        "--names", choices=("tuning", "checking", "measuring", "all"), default="all"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--febrl", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    region(chosen.people, chosen.names, chosen.seed)
    if chosen.febrl:
        febrl(chosen.febrl)


if __name__ == "__main__":
    main()
