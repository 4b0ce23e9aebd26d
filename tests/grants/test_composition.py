"""The rules of a call as laws: what each asks, and what none may tell."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter

from services.grants.calls.composition import Condition, Facts, Obstacle, Party, Rule
from services.grants.calls.composition import broken as unmet
from services.grants.organisations.rules import Kind

READ: TypeAdapter[Rule] = TypeAdapter(Rule)
COMMUNITIES = ("albanian", "serb", "roma", "bosniak")


def party(number: int = 0, share: str = "50", *led_by: str, **more: Any) -> Party:  # noqa: ANN401 -- any fact
    plain = Party(
        organisation=UUID(int=number),
        kind=Kind.CSO,
        municipality="mitrovica-south",
        share=Decimal(share),
        lead=number == 0,
        led_by=frozenset(led_by),
    )
    return replace(plain, **more)


def holds(facts: Facts, **rule: object) -> bool:
    return not unmet([READ.validate_python(rule)], facts)


ACROSS = Facts([party(0, "50", "albanian"), party(1, "50", "serb")])
ALONE = Facts([party(0, "100", "albanian")])
FOREIGN = Facts([party(0, "60"), party(1, "40", kind=Kind.BUSINESS, municipality=None)])


@pytest.mark.parametrize(
    ("facts", "rule", "expected"),
    [
        (ACROSS, {"kind": "minimum_organisations", "count": 2}, True),
        (ALONE, {"kind": "minimum_organisations", "count": 2}, False),
        (ACROSS, {"kind": "minimum_communities", "count": 2}, True),
        (ACROSS, {"kind": "minimum_communities", "count": 3}, False),
        (ACROSS, {"kind": "minimum_communities", "count": 2, "basis": "serves"}, False),
        (ACROSS, {"kind": "maximum_share_of_organisation", "percent": "50"}, True),
        (ACROSS, {"kind": "maximum_share_of_organisation", "percent": "49.99"}, False),
        (ACROSS, {"kind": "maximum_share_of_community", "percent": "50"}, True),
        (ACROSS, {"kind": "maximum_share_of_community", "percent": "49.99"}, False),
        (ACROSS, {"kind": "kinds_of_organisation", "kinds": ["cso"]}, True),
        (FOREIGN, {"kind": "kinds_of_organisation", "kinds": ["cso"]}, False),
        (FOREIGN, {"kind": "kinds_of_lead", "kinds": ["cso"]}, True),
        (FOREIGN, {"kind": "kinds_of_lead", "kinds": ["ministry"]}, False),
        (
            FOREIGN,
            {"kind": "municipalities_covered", "among": ["mitrovica-south"]},
            True,
        ),
        (FOREIGN, {"kind": "municipalities_covered", "among": ["zvecan"]}, False),
    ],
)
def test_a_rule_asks_what_it_says(
    facts: Facts,
    rule: dict[str, object],
    expected: bool,  # noqa: FBT001 -- a case
) -> None:
    assert holds(facts, **rule) is expected


@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ({"kind": "one_application"}, Obstacle.APPLIES),
        ({"kind": "one_application", "leads_only": True}, Obstacle.LEADS),
        ({"kind": "one_award"}, Obstacle.AWARDED),
        ({"kind": "no_double_funding"}, Obstacle.FUNDED),
    ],
)
def test_each_obstacle_stands_in_the_way_of_one_rule(
    rule: dict[str, object], way: Obstacle
) -> None:
    for one in Obstacle:
        found = Facts(ACROSS.parties, frozenset({one}))
        assert holds(found, **rule) is (one is not way)


def test_what_nobody_declared_could_be_anybody_s() -> None:
    hidden = Facts([party(0, "40", "albanian"), party(1, "30", "serb"), party(2, "30")])
    rule = {"kind": "maximum_share_of_community"}
    assert holds(hidden, percent="70", **rule)
    assert not holds(hidden, percent="69.99", **rule)


def test_an_organisation_of_several_communities_counts_in_equal_parts() -> None:
    mixed = Facts([party(0, "100", "albanian", "serb", "roma")])
    rule = {"kind": "maximum_share_of_community"}
    assert holds(mixed, percent="33.3334", **rule)
    assert not holds(mixed, percent="33.3333", **rule)


def test_no_rule_can_name_a_community() -> None:
    """What a call asks must not be a way to find out who somebody is."""
    for kind in kinds():
        assert not {"community", "communities"} & kind.model_fields.keys()
        for name in COMMUNITIES:
            assert name not in str(kind.model_json_schema()).lower()


def test_a_reason_names_the_rule_and_no_value() -> None:
    for kind in kinds():
        reason = kind.model_construct().reason()
        assert reason.endswith(".")
        assert not any(letter.isdigit() for letter in reason)


def kinds() -> tuple[type[Condition], ...]:
    found: tuple[type[Condition], ...] = get_args(get_args(Rule)[0])
    return found


def test_a_party_shows_nothing_of_its_communities() -> None:
    assert "albanian" not in repr(ACROSS)


PARTIES = st.lists(
    st.tuples(
        st.integers(1, 100), st.frozensets(st.sampled_from(COMMUNITIES), max_size=3)
    ),
    min_size=1,
    max_size=6,
).map(
    lambda drawn: [
        party(number, str(share), *sorted(led))
        for number, (share, led) in enumerate(drawn)
    ]
)


@given(parties=PARTIES, percent=st.integers(0, 100))
@settings(max_examples=150, deadline=None)
def test_declaring_a_community_never_makes_a_share_too_large(
    parties: list[Party], percent: int
) -> None:
    """Else silence would pay, and whoever speaks would be punished for it."""
    rule = {"kind": "maximum_share_of_community", "percent": str(percent)}
    silent = [party(n, str(one.share)) for n, one in enumerate(parties)]
    if holds(Facts(silent), **rule):
        assert holds(Facts(parties), **rule)


@given(parties=PARTIES, count=st.integers(2, 4))
@settings(max_examples=150, deadline=None)
def test_a_larger_consortium_never_has_fewer_organisations_or_communities(
    parties: list[Party], count: int
) -> None:
    for kind in ("minimum_organisations", "minimum_communities"):
        if holds(Facts(parties[:-1]), kind=kind, count=count):
            assert holds(Facts(parties), kind=kind, count=count)


@given(parties=PARTIES, order=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_members_changes_nothing(parties: list[Party], order: Any) -> None:  # noqa: ANN401 -- hypothesis's own
    mixed = list(parties)
    order.shuffle(mixed)
    for kind, more in (
        ("minimum_communities", {"count": 2}),
        ("maximum_share_of_community", {"percent": "50"}),
        ("maximum_share_of_organisation", {"percent": "50"}),
    ):
        rule = {"kind": kind, **more}
        assert holds(Facts(parties), **rule) == holds(Facts(mixed), **rule)
