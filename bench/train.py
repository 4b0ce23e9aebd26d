"""Train m and u of the linkage model by EM, and print the table for model.py.

    python -m bench.train --febrl FOLDER

Fellegi and Sunter with conditional independence. u is counted on random pairs, nearly
all of which are two people; m is estimated on the candidates with u held fixed, so
without the truth. It sees the tuning half of the region's names and FEBRL 2 only: the
other half and FEBRL 3 and 4 are for measuring.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bench.febrl import registrations
from bench.matching import candidates
from bench.population import population
from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.agreement import labels
from services.beneficiaries.linkage.traits import Traits, traits_of

RANDOM_PAIRS = 400_000
ROUNDS = 60
# The numbers that stood before count as so many pairs: rare levels lean on them.
M_FROM_BEFORE, U_FROM_BEFORE = 100, 20_000
RAREST = 1e-6  # no level is so rare between two people that it proves anything alone

Pattern = tuple[tuple[str, str], ...]
Patterns = Counter[Pattern]
Shares = dict[str, dict[str, float]]


def patterns(pairs: Iterable[tuple[Traits, Traits]]) -> Patterns:
    return Counter(tuple(labels(left, right).items()) for left, right in pairs)


def by_chance(
    registrations: list[Traits], pairs: int, chance: random.Random
) -> Iterator[tuple[Traits, Traits]]:
    for _ in range(pairs):
        left, right = chance.sample(registrations, 2)
        yield left, right


def counted(found: Mapping[Pattern, float]) -> Shares:
    """Count how often each level fires, pairs weighing as much as is given."""
    counts: Shares = defaultdict(lambda: defaultdict(float))
    for pattern, weight in found.items():
        for comparison, label in pattern:
            counts[comparison][label] += weight
    return counts


def shares(counts: Shares, before: Shares, weight: float) -> Shares:
    """Turn counts into shares, drawn towards what stood before."""
    found: Shares = {}
    for name, levels in before.items():
        total = sum(counts[name].values()) + weight
        found[name] = {
            label: max(RAREST, (counts[name][label] + weight * share) / total)
            for label, share in levels.items()
        }
    return found


def expectation(
    found: Patterns, m: Shares, u: Shares, prior: float
) -> dict[Pattern, float]:
    """Share each pattern's pairs out to one person and to two."""
    expected = {}
    for pattern, count in found.items():
        odds = prior / (1 - prior)
        for comparison, label in pattern:
            odds *= m[comparison][label] / u[comparison][label]
        expected[pattern] = count * odds / (1 + odds)
    return expected


def maximise(found: Patterns, before: Shares, u: Shares) -> tuple[Shares, float]:
    m, prior = before, 0.1
    for _ in range(ROUNDS):
        expected = expectation(found, m, u, prior)
        prior = sum(expected.values()) / found.total()
        m = shares(counted(expected), before, M_FROM_BEFORE)
    return m, prior


def report(m: Shares, u: Shares, prior: float) -> None:
    print(f"# one candidate pair in {1 / prior:.1f} is one person")
    print("COMPARISONS: dict[str, tuple[Level, ...]] = {")
    names = {
        text: name
        for name, text in vars(model).items()
        if name.isupper() and isinstance(text, str)
    }
    for comparison, levels in m.items():
        print(f'    "{comparison}": (')
        for label, share in levels.items():
            print(
                f"        Level({names[label]}, {share:.5f}, {u[comparison][label]:.6f}),"
            )
        print("    ),")
    print("}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--people", type=int, default=12_000)
    folder, people = vars(parser.parse_args()).values()
    region = population(people, seed=11, names="tuning")
    febrl = registrations(folder, ("dataset2.csv",), documents=True)
    sets = (
        {one.source_id: traits_of(one.particulars) for one in region},
        {source_id: traits_of(particulars) for source_id, particulars in febrl},
    )
    before_m = {
        name: {one.label: one.m for one in levels}
        for name, levels in model.COMPARISONS.items()
    }
    before_u = {
        name: {one.label: one.u for one in levels}
        for name, levels in model.COMPARISONS.items()
    }
    chance = random.Random(1)
    at_random, blocked = Patterns(), Patterns()
    for traits in sets:
        at_random += patterns(
            by_chance(list(traits.values()), RANDOM_PAIRS // 2, chance)
        )
        blocked += patterns((traits[a], traits[b]) for a, b in candidates(traits))
    u = shares(counted(at_random), before_u, U_FROM_BEFORE)
    m, prior = maximise(blocked, before_m, u)
    report(m | {"order": before_m["order"]}, u | {"order": before_u["order"]}, prior)


if __name__ == "__main__":
    main()
