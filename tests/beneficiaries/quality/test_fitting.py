"""Splink's EM finds the numbers by which pairs were made, without being told which."""

import random
from collections import Counter

import pytest

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.model import DIFFERS, SAME, Level
from services.beneficiaries.quality import fitting, training
from services.beneficiaries.quality.fitting import Pattern
from services.beneficiaries.quality.weights import Proposal

COMPARED = ("given", "family", "birth", "sex", "place", "father", "document")
RIGHT = dict(zip(COMPARED, (0.8, 0.85, 0.9, 0.97, 0.7, 0.9, 0.95), strict=True))
CHANCE = dict(zip(COMPARED, (0.02, 0.03, 0.001, 0.5, 0.3, 0.01, 0.0), strict=True))
ONES, TWOS, RANDOM = 3_000, 6_000, 30_000


def pattern(shares: dict[str, float], chance: random.Random) -> Pattern:
    return tuple(
        (name, SAME if chance.random() < shares[name] else DIFFERS) for name in COMPARED
    )


def drawn(count: int, shares: dict[str, float], seed: int) -> Counter[Pattern]:
    chance = random.Random(seed)
    return Counter(pattern(shares, chance) for _ in range(count))


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    candidates = drawn(ONES, RIGHT, 1) + drawn(TWOS, CHANCE | {"family": 0.6}, 2)
    return fitting.fitted(drawn(RANDOM, CHANCE, 3).items(), candidates.items())


@pytest.mark.parametrize("name", ["given", "family", "birth", "place"])
def test_m_is_found_without_the_truth(proposal: Proposal, name: str) -> None:
    assert proposal[name][SAME].m.share == pytest.approx(RIGHT[name], abs=0.05)


@pytest.mark.parametrize("name", ["given", "family", "birth", "sex"])
def test_u_is_counted_on_random_pairs_and_leans_on_what_stood(
    proposal: Proposal, name: str
) -> None:
    [before] = [one.u for one in model.COMPARISONS[name] if one.label == SAME]
    found = drawn(RANDOM, CHANCE, 3)
    share = sum(it for one, it in found.items() if (name, SAME) in one) / RANDOM
    lean = fitting.LEAN_U.pairs
    drawn_to = (RANDOM * share + lean * before) / (RANDOM + lean)
    assert proposal[name][SAME].u.share == pytest.approx(drawn_to, rel=1e-6)


def test_what_was_never_observed_is_kept_and_said_so(proposal: Proposal) -> None:
    for name, label in (("phone", SAME), ("given", model.NEAR)):
        [level] = [one for one in model.COMPARISONS[name] if one.label == label]
        assert proposal[name][label].m == (level.m, True), label
        assert proposal[name][label].u == (level.u, True)


def test_what_is_chosen_by_hand_is_not_trained(proposal: Proposal) -> None:
    for level in model.COMPARISONS["order"]:
        assert proposal["order"][level.label] == ((level.m, True), (level.u, True))


def test_every_level_has_numbers_that_can_be(proposal: Proposal) -> None:
    assert {name: list(levels) for name, levels in proposal.items()} == {
        name: [level.label for level in levels]
        for name, levels in model.COMPARISONS.items()
    }
    for levels in proposal.values():
        for one in levels.values():
            weighed = Level("", one.m.share, one.u.share)
            assert -30 < weighed.weight < 30


async def test_a_process_of_its_own_proposes_the_same(proposal: Proposal) -> None:
    candidates = drawn(ONES, RIGHT, 1) + drawn(TWOS, CHANCE | {"family": 0.6}, 2)
    assert await training.fit(drawn(RANDOM, CHANCE, 3), candidates) == proposal
