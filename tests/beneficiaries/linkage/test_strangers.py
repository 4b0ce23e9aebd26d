"""Pairs that are over before their names are compared: nothing is lost by it."""

import hypothesis.strategies as st
from hypothesis import given, settings

from services.beneficiaries.linkage import model, vetoes
from services.beneficiaries.linkage.frequencies import AVERAGE
from services.beneficiaries.linkage.scoring import Verdict, alike, compare, verdict
from services.beneficiaries.linkage.traits import Traits
from tests.beneficiaries.linkage.people import traits

NAMES = {"given", "family", "order"}
LABELS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(sorted(levels)) for name, levels in model.WEIGHTS.items()
    },
)


@settings(max_examples=1_000)
@given(LABELS)
def test_strangers_are_refuted_whatever_their_names_are(labels: dict[str, str]) -> None:
    besides = {name: label for name, label in labels.items() if name not in NAMES}
    if vetoes.strangers(besides):
        assert vetoes.refuted(labels, vetoes.standing(labels))


@given(traits, traits)
def test_what_is_alike_is_what_a_comparison_finds(left: Traits, right: Traits) -> None:
    finding = compare(left, right)
    kept = None if verdict(finding) is Verdict.NONE else finding
    assert alike(left, right, AVERAGE) == kept


def test_namesakes_of_two_birthdays_are_strangers() -> None:
    apart = {"birth": model.DIFFERS, "sex": model.SAME, "place": model.SAME}
    assert vetoes.strangers(apart)
    assert not vetoes.strangers(apart | {"phone": model.SAME})
    assert not vetoes.strangers(apart | {"document": model.SLIP})
    assert not vetoes.strangers({"birth": model.YEAR_ONLY})  # the sex may differ
