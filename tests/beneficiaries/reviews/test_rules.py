"""What opinions come to, whoever gives them in whatever order."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.rules import MATCHER, Verdict
from services.beneficiaries.reviews.rules import (
    GRAVE,
    Kind,
    State,
    free,
    needed,
    restored,
    settle,
)

SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = st.dictionaries(
    st.sampled_from("abcde"), st.sampled_from(Verdict), min_size=1, max_size=5
)
VETOES = st.sets(st.sampled_from(sorted({veto.name for veto in model.VETOES})))

# Opinions in the order of their givers, vetoes, whether a second one was asked for.
TABLE = [
    ([SAME], (), False, State.SETTLED, SAME),
    ([DIFFERENT], ("twin",), False, State.SETTLED, DIFFERENT),
    ([SAME], ("twin",), False, State.WAITING, None),
    ([SAME], ("father",), False, State.SETTLED, SAME),
    ([DIFFERENT], (), True, State.WAITING, None),
    ([SAME, SAME], ("sex",), False, State.SETTLED, SAME),
    ([SAME, DIFFERENT], ("birth",), False, State.DISPUTED, UNSURE),
    ([SAME, UNSURE], (), True, State.DISPUTED, UNSURE),
    ([SAME, DIFFERENT, UNSURE], (), True, State.DISPUTED, UNSURE),
    ([SAME, DIFFERENT, DIFFERENT], (), True, State.SETTLED, DIFFERENT),
]


@pytest.mark.parametrize(("words", "vetoes", "asked", "state", "verdict"), TABLE)
def test_what_becomes_of_a_review(
    words: list[Verdict],
    vetoes: tuple[str, ...],
    asked: bool,  # noqa: FBT001 -- a cell of the table
    state: State,
    verdict: Verdict | None,
) -> None:
    opinions = {f"reviewer-{n}": word for n, word in enumerate(words)}
    assert settle(opinions, vetoes, asked=asked) == (state, verdict)


@given(WORDS, VETOES, st.booleans())
def test_nobody_is_joined_against_a_veto_by_one_person(
    opinions: dict[str, Verdict],
    vetoes: set[str],
    asked: bool,  # noqa: FBT001 -- drawn
) -> None:
    settled = settle(opinions, vetoes, asked=asked)
    agree = Counter(opinions.values())[SAME]
    if settled.verdict is SAME and (asked or vetoes & GRAVE):
        assert agree >= 2


@given(WORDS, VETOES, st.booleans())
def test_who_spoke_first_changes_nothing(
    opinions: dict[str, Verdict],
    vetoes: set[str],
    asked: bool,  # noqa: FBT001 -- drawn
) -> None:
    turned = dict(reversed(opinions.items()))
    one, other = (settle(each, vetoes, asked=asked) for each in (opinions, turned))
    counts = Counter(opinions.values()).most_common(2)
    tied = len(counts) > 1 and counts[0][1] == counts[1][1]
    assert tied or one == other


def test_the_grave_vetoes_are_vetoes_of_the_model() -> None:
    assert {veto.name for veto in model.VETOES} >= GRAVE
    assert needed([SAME], GRAVE, asked=False) == 2


def test_a_claim_keeps_off_others_until_its_end() -> None:
    later = NOON + timedelta(seconds=1)
    assert free(None, None, "a", NOON)
    assert free("a", later, "a", NOON)
    assert not free("b", later, "a", NOON)
    assert free("b", NOON, "a", NOON)


def test_the_matcher_s_link_is_not_restored_over_a_correction() -> None:
    assert restored(SAME, MATCHER, stale=True) is UNSURE
    assert restored(SAME, MATCHER, stale=False) is SAME
    assert restored(SAME, "officer", stale=True) is SAME


def test_a_sample_is_told_as_a_pair() -> None:
    assert Kind.told("sample") is Kind.PAIR
    assert Kind.told("contradiction") is Kind.CONTRADICTION
