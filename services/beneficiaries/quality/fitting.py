"""Training m and u by Splink, in a process of its own that is told no person.

It reads how often which pattern of labels occurs, among random pairs and among
candidates, and writes the numbers that it proposes. So its memory is given back at its
end, and neither names nor dates ever reach it.

u is counted on random pairs; m is estimated by EM on the candidates, with u and the
prior held fixed: candidates are relatives and namesakes, and left free both would make
a class of households.
"""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from splink import Linker

from services.beneficiaries.linkage import model
from services.beneficiaries.quality import splinked
from services.beneficiaries.quality.weights import (
    UNTRAINED,
    Comparisons,
    Proposal,
    Proposed,
    Share,
)

Pattern = tuple[tuple[str, str], ...]
Counted = Collection[tuple[Pattern, int]]
Shares = Mapping[str, Mapping[str, float]]


class Lean(NamedTuple):
    """As how many pairs the numbers before count; nothing is rarer than `rarest`.

    Rare levels lean on what stood before, and none proves anything alone.
    """

    pairs: float
    rarest: float


LEAN_M, LEAN_U = Lean(100, 1e-4), Lean(200_000, 1e-6)


Drawn = Mapping[str, Mapping[str, Share]]


def fitted(
    at_random: Counted, candidates: Counted, before: Comparisons = model.COMPARISONS
) -> Proposal:
    u = counted(at_random, before)
    m = estimated(candidates, before, u)
    return {
        name: {
            level.label: Proposed(m[name][level.label], u[name][level.label])
            for level in levels
        }
        for name, levels in before.items()
    }


def counted(at_random: Counted, before: Comparisons) -> Drawn:
    """Count u: random pairs are two people, but for those that weigh as one."""
    found: dict[str, Counter[str]] = {name: Counter() for name in before}
    for pattern, count in at_random:
        if _weight(pattern, before) < 0:
            for name, label in pattern:
                found[name][label] += count
    pairs = {name: counts.total() for name, counts in found.items()}
    shares = {
        name: {label: count / pairs[name] for label, count in counts.items()}
        for name, counts in found.items()
    }
    return {
        name: {
            level.label: _drawn(name, level.label, level.u, shares, pairs, LEAN_U)
            for level in levels
        }
        for name, levels in before.items()
    }


def _weight(pattern: Pattern, comparisons: Comparisons) -> float:
    weights = {
        (name, level.label): level.weight
        for name, levels in comparisons.items()
        for level in levels
    }
    return model.PRIOR_WEIGHT + sum(weights[level] for level in pattern)


def estimated(candidates: Counted, before: Comparisons, u: Drawn) -> Drawn:
    """Let Splink estimate m by EM, with u held fixed."""
    with_u = {
        name: tuple(level._replace(u=u[name][level.label].share) for level in levels)
        for name, levels in before.items()
    }
    splink = splinked.open_with(list(_rows(candidates)), splinked.declared(with_u))
    splink.training.estimate_parameters_using_expectation_maximisation(
        splinked.ONE_PAIR,
        estimate_without_term_frequencies=True,
        fix_probability_two_random_records_match=True,
    )
    observed = {level for pattern, _ in candidates for level in pattern}
    shares, pairs = _shares(splink, observed), _pairs(splink)
    return {
        name: {
            level.label: _drawn(name, level.label, level.m, shares, pairs, LEAN_M)
            for level in levels
        }
        for name, levels in before.items()
    }


def _rows(patterns: Counted) -> Iterator[splinked.Row]:
    every = (pattern for pattern, count in patterns for _ in range(count))
    for number, pattern in enumerate(every):
        yield splinked.row_of(number, dict(pattern))


def _shares(splink: Linker, observed: AbstractSet[tuple[str, str]]) -> Shares:
    """Read what was observed; for what was not, Splink repeats what it was given."""
    return {
        name: {
            level["label_for_charts"]: level["m_probability"]
            for level in comparison["comparison_levels"]
            if (name, level["label_for_charts"]) in observed
        }
        for comparison in splink.misc.save_model_to_json()["comparisons"]
        for name in (comparison["output_column_name"],)
    }


def _pairs(splink: Linker) -> Mapping[str, float]:
    """Tell of how many pairs that are one person each comparison could say a thing."""
    counts = ", ".join(
        f"coalesce(sum(match_probability) filter (gamma_{name} >= 0), 0) as {name}_"
        for name in model.COMPARISONS
    )
    found = splink.inference.predict(warning_mode="never")
    [one] = found.query_sql(
        f"select {counts} from {{this}}"  # noqa: S608 -- our own comparisons' names
    ).as_record_list()
    return {name: one[f"{name}_"] for name in model.COMPARISONS}


def _drawn(  # noqa: PLR0913 -- a number, where it stands, and what it leans on
    name: str,
    label: str,
    before: float,
    shares: Shares,
    pairs: Mapping[str, float],
    lean: Lean,
) -> Share:
    """Draw what was found towards what stood before; keep what nobody observed."""
    if name in UNTRAINED or label not in shares[name]:
        return Share(before, kept=True)
    found = pairs[name] * shares[name][label]
    share = (found + lean.pairs * before) / (pairs[name] + lean.pairs)
    return Share(max(lean.rarest, share), kept=False)


def read(told: Mapping[str, Any]) -> tuple[Counted, Counted]:
    at_random, candidates = (
        [(tuple((name, label) for name, label in one), count) for one, count in part]
        for part in (told["random"], told["candidates"])
    )
    return at_random, candidates


def main() -> None:
    json.dump(fitted(*read(json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()
