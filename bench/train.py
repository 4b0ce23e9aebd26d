"""Train the numbers of the linkage model on the tuning sets, and write them.

    python -m bench.train --febrl FOLDER --to weights.toml

As `uramost linkage train` does on a registry: u is counted on random pairs, m estimated
by Splink's EM on the candidates, without the truth. It sees the tuning names of the
region and FEBRL 2.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bench.febrl import registrations
from bench.matching import candidates
from bench.population import population
from services.beneficiaries.linkage.agreement import labels
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.quality.fitting import fitted
from services.beneficiaries.quality.training import Patterns, by_chance, refuted
from services.beneficiaries.quality.weights import written

RANDOM_PAIRS = 200_000  # of each set


def tuning_sets(folder: Path, people: int) -> Iterator[dict[str, Traits]]:
    region = population(people, seed=11, names="tuning")
    yield {one.source_id: traits_of(one.particulars) for one in region}
    febrl = registrations(folder, ("dataset2.csv",), documents=True)
    yield {source_id: traits_of(particulars) for source_id, particulars in febrl}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")
    chosen = parser.parse_args()
    at_random, blocked = Patterns(), Patterns()
    for traits in tuning_sets(chosen.febrl, chosen.people):
        everybody = list(traits.values())
        names = Frequencies.of(everybody)
        at_random += by_chance(everybody, names, RANDOM_PAIRS)
        for left, right in candidates(traits):
            agreed = labels(traits[left], traits[right], names)
            if not refuted(agreed):
                blocked[tuple(agreed.items())] += 1
    proposal = fitted(at_random.items(), blocked.items())
    chosen.to.write_text(written(proposal), encoding="utf-8")
    kept = [
        f"{name}: {label}"
        for name, levels in proposal.items()
        for label, one in levels.items()
        if one.m.kept or one.u.kept
    ]
    print(f"{blocked.total()} candidates; kept for want of observations:")
    print("\n".join(kept))


if __name__ == "__main__":
    main()
