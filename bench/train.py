"""Train m and u of the linkage model by EM, and print the table for model.py.

    python -m bench.train --febrl FOLDER

Fellegi and Sunter, with conditional independence. u is counted on random pairs, nearly
all of them two people. m is estimated on the candidates, without the truth, with u and
the prior held fixed: candidates are relatives and namesakes, and left free both would
make a class of households. For the same reason what the vetoes refute counts as two
people. It sees the tuning half of the region's names and FEBRL 2; the other half and
FEBRL 3 and 4 are for measuring.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bench.febrl import registrations
from bench.matching import candidates
from bench.population import population
from services.beneficiaries.linkage import model, vetoes
from services.beneficiaries.linkage.agreement import labels
from services.beneficiaries.linkage.traits import Traits, traits_of

RANDOM_PAIRS = 200_000  # of each set
ROUNDS = 40
# The numbers that stood before count as so many pairs: rare levels lean on them.
M_FROM_BEFORE, U_FROM_BEFORE = 100, 200_000
# Nothing is so rare that it proves anything alone: between two people, in one person.
RAREST_U, RAREST_M = 1e-6, 1e-4
# Chosen by hand: the order of names is no level of its own, but of the two beside it.
UNTRAINED = frozenset({"order"})

Pattern = tuple[tuple[str, str], ...]
Patterns = Counter[Pattern]
Shares = Mapping[str, Mapping[str, float]]


def patterns(pairs: Iterable[tuple[Traits, Traits]]) -> Patterns:
    return Counter(tuple(labels(left, right).items()) for left, right in pairs)


def by_chance(
    registered: list[Traits], pairs: int, chance: random.Random
) -> Iterator[tuple[Traits, Traits]]:
    for _ in range(pairs):
        left, right = chance.sample(registered, 2)
        yield left, right


def shares(
    found: Mapping[Pattern, float], before: Shares, weight: float, rarest: float
) -> Shares:
    """Count how often each level fires, drawn towards what stood before."""
    counts: dict[tuple[str, str], float] = defaultdict(float)
    for pattern, count in found.items():
        for level in pattern:
            counts[level] += count
    return {
        name: levels
        if name in UNTRAINED
        else {
            label: max(rarest, share)
            for label, share in _shares(name, levels, counts, weight).items()
        }
        for name, levels in before.items()
    }


def _shares(
    name: str,
    before: Mapping[str, float],
    counts: Mapping[tuple[str, str], float],
    weight: float,
) -> dict[str, float]:
    fired = {label: counts.get((name, label), 0.0) for label in before}
    total = sum(fired.values()) + weight
    return {
        label: (fired[label] + weight * share) / total
        for label, share in before.items()
    }


def expected(found: Patterns, m: Shares, u: Shares) -> dict[Pattern, float]:
    """Tell how many pairs of each pattern are one person."""
    ones = {}
    for pattern, count in found.items():
        odds = 2.0**model.PRIOR_WEIGHT
        for comparison, label in pattern:
            odds *= m[comparison][label] / u[comparison][label]
        ones[pattern] = count * odds / (1 + odds)
    return ones


def trained(found: Patterns, before: Shares, u: Shares) -> Shares:
    possible = Counter(
        {one: count for one, count in found.items() if not _refuted(dict(one))}
    )
    m = before
    for _ in range(ROUNDS):
        m = shares(expected(possible, m, u), before, M_FROM_BEFORE, RAREST_M)
    return m


def by_accident(found: Patterns, m: Shares, u: Shares) -> Shares:
    """Count u; the few random pairs that are one person, by m and u before, are out."""
    ones = expected(found, m, u)
    twos = {pattern: count - ones[pattern] for pattern, count in found.items()}
    return shares(twos, u, U_FROM_BEFORE, RAREST_U)


def _refuted(agreed: dict[str, str]) -> bool:
    return vetoes.refuted(agreed, vetoes.standing(agreed))


def report(m: Shares, u: Shares) -> None:
    names = {
        text: name
        for name, text in vars(model).items()
        if name.isupper() and isinstance(text, str)
    }
    print("COMPARISONS: dict[str, tuple[Level, ...]] = {")
    for comparison, levels in m.items():
        print(f'    "{comparison}": (')
        for label, share in levels.items():
            chance = u[comparison][label]
            print(f"        Level({names[label]}, {share:.5f}, {chance:.6f}),")
        print("    ),")
    print("}")


def tuning_sets(folder: Path, people: int) -> Iterator[dict[str, Traits]]:
    region = population(people, seed=11, names="tuning")
    yield {one.source_id: traits_of(one.particulars) for one in region}
    febrl = registrations(folder, ("dataset2.csv",), documents=True)
    yield {source_id: traits_of(particulars) for source_id, particulars in febrl}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--people", type=int, default=10_000)
    chosen = parser.parse_args()
    levels = model.COMPARISONS.items()
    m = {name: {one.label: one.m for one in its} for name, its in levels}
    u = {name: {one.label: one.u for one in its} for name, its in levels}
    chance = random.Random(1)
    at_random, blocked = Patterns(), Patterns()
    for traits in tuning_sets(chosen.febrl, chosen.people):
        everybody = list(traits.values())
        at_random += patterns(by_chance(everybody, RANDOM_PAIRS, chance))
        blocked += patterns((traits[a], traits[b]) for a, b in candidates(traits))
    counted = by_accident(at_random, m, u)
    report(trained(blocked, m, counted), counted)


if __name__ == "__main__":
    main()
