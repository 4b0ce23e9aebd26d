"""What may be told of the quality, and what it is estimated at."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.beneficiaries.particulars import Names
from services.beneficiaries.quality import rules
from services.beneficiaries.quality.rules import ENOUGH, Reviewed, Stratum, Told

TOO_FEW = Told(None, None)
SIZES = {Stratum.LINKED: 9_000.0, Stratum.QUEUED: 400.0, Stratum.BELOW: 5_000.0}


def pairs(
    count: int,
    *groups: str,
    right: float = 1.0,
    stratum: Stratum = Stratum.LINKED,
    agencies: tuple[str, ...] = ("unicef", "who"),
) -> list[Reviewed]:
    """Make reviewed pairs of which such a share was judged to be one person."""
    same = round(count * right)
    return [
        Reviewed(stratum, number < same, frozenset(agencies), frozenset(groups))
        for number in range(count)
    ]


def group(name: str, reviewed: list[Reviewed]) -> rules.Group:
    return rules.group(name, reviewed, rules.weights(reviewed, SIZES))


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(
    share: float, count: int
) -> None:
    low, high = rules.wilson(share, count)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_an_interval_is_wilson_s() -> None:
    assert rules.wilson(0.9, 100) == pytest.approx((0.82563, 0.94477), abs=1e-5)


def test_precision_is_what_reviewers_confirm_of_the_links_alone() -> None:
    reviewed = pairs(200, right=0.99) + pairs(200, right=0.1, stratum=Stratum.BELOW)
    precision = rules.precision(reviewed)
    assert precision is not None
    assert precision.rate == 99


def test_recall_weighs_each_stratum_by_its_size() -> None:
    """Of 9,000 links all are right, and one in fifty of 5,000 near misses is missed."""
    reviewed = pairs(150) + pairs(150, right=0.02, stratum=Stratum.BELOW)
    recall = rules.recall(reviewed, rules.weights(reviewed, SIZES))
    assert recall is not None
    assert recall.rate == round(100 * 9_000 / (9_000 + 100))
    assert recall.low < recall.rate < 100


@pytest.mark.parametrize("count", [0, 1, ENOUGH - 1])
def test_too_few_look_like_none_at_all(count: int) -> None:
    beside = pairs(500, "serb")
    told = group("turk", beside + pairs(count, "turk"))
    assert told == group("turk", beside) == rules.Group("turk", TOO_FEW, worse=False)


def test_a_group_is_told_where_enough_of_it_and_of_the_rest_was_reviewed() -> None:
    told = group("turk", pairs(ENOUGH, "turk") + pairs(ENOUGH, "serb"))
    assert told.told.precision == rules.rate(1.0, ENOUGH)


def test_a_group_is_not_told_where_the_rest_is_small() -> None:
    """Else the rest would be known by subtracting."""
    reviewed = pairs(500, "serb") + pairs(ENOUGH - 1, "turk")
    assert group("serb", reviewed).told == TOO_FEW


def test_nothing_is_told_of_one_agency_alone() -> None:
    reviewed = pairs(500, "turk", agencies=("unicef",)) + pairs(500, "serb")
    assert group("turk", reviewed).told == TOO_FEW
    assert group("serb", reviewed).told == TOO_FEW


def test_a_minority_that_is_linked_worse_is_seen() -> None:
    reviewed = pairs(200, "roma", right=0.8) + pairs(400, "serb", right=0.99)
    assert group("roma", reviewed).worse
    assert not group("serb", reviewed).worse


def test_a_difference_within_chance_is_none() -> None:
    reviewed = pairs(100, "roma", right=0.97) + pairs(400, "serb", right=0.99)
    assert not group("roma", reviewed).worse


def told_numbers(told: Told) -> Iterator[object]:
    for rate in told:
        yield from rate or ()


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0, 1))
def test_only_whole_percent_are_ever_told(here: int, beside: int, right: float) -> None:
    told = group("roma", pairs(here, "roma", right=right) + pairs(beside, "serb"))
    assert all(isinstance(one, int) for one in told_numbers(told.told))


@pytest.mark.parametrize(
    ("given_name", "family", "script"),
    [
        ("Љубица", "Вељовић", "cyrillic"),
        ("Ljubica", "Вељовић", "cyrillic"),
        ("Ljubica", "Veljović", "latin"),
        ("Mërgim", None, "latin"),
    ],
)
def test_one_letter_tells_the_alphabet(
    given_name: str, family: str | None, script: str
) -> None:
    assert rules.script(Names(given=given_name, family=family)) == script
