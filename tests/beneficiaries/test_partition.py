"""Persons are computed from the judgements in force, whatever came before them."""

from itertools import combinations
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import given

from services.beneficiaries.linkage.rules import (
    DESK,
    Judged,
    Verdict,
    cases,
    partition,
    places,
)
from tests.beneficiaries.judging import AGENCIES, expected, judged, member, persons

JUDGEMENTS = st.lists(
    st.builds(
        judged,
        st.integers(1, 4),
        st.integers(5, 8),
        st.sampled_from((Verdict.SAME, Verdict.UNSURE)),
    ),
    max_size=8,
)
EIGHT = [member(n, AGENCIES[n % 3]) for n in range(1, 9)]
# Of each pair one verdict at most is in force, and of some there is any.
IN_FORCE = st.dictionaries(
    st.sampled_from(list(combinations(range(1, 9), 2))),
    st.sampled_from((Verdict.SAME, *Verdict)),
    max_size=14,
).map(lambda words: [judged(*two, verdict) for two, verdict in words.items()])


@given(IN_FORCE)
def test_persons_are_those_that_the_judgements_join(judgements: list[Judged]) -> None:
    standings = partition(EIGHT, judgements)
    assert persons(standings) == expected(EIGHT, judgements)
    assert standings == partition(reversed(EIGHT), reversed(judgements))
    for group in persons(standings):  # ids are given in order of age here
        assert standings[min(group)].person == min(group)


@given(IN_FORCE)
def test_an_agency_s_own_persons_and_cases_come_of_its_own_alone(
    judgements: list[Judged],
) -> None:
    everywhere = {one.registration: one for one in places(EIGHT, judgements)}
    found = cases(EIGHT, judgements)
    for agency in AGENCIES:
        own = [one for one in EIGHT if one.agency == agency]
        alone = places(own, judgements)
        assert all(one.person == everywhere[one.registration].own for one in alone)
        assert {one for one in found if one.audience == agency} == set(
            cases(own, judgements)
        )


@given(IN_FORCE)
def test_whoever_is_contested_has_a_case_that_somebody_can_solve(
    judgements: list[Judged],
) -> None:
    standings = partition(EIGHT, judgements)
    found = cases(EIGHT, judgements)
    contested = {one.component for one in standings.values() if one.contested}
    assert {standings[one.low].component for one in found} == contested
    apart = {(one.low, one.high) for one in judgements if one.verdict == "different"}
    assert {(one.low, one.high) for one in found} <= apart


@given(JUDGEMENTS)
def test_who_came_first_in_a_pair_changes_nothing(judgements: list[Judged]) -> None:
    turned = [Judged(one.high, one.low, one.verdict) for one in judgements]
    assert partition(EIGHT, judgements) == partition(EIGHT, turned)


@given(JUDGEMENTS, st.integers(1, 8))
def test_a_person_that_grows_keeps_its_key(
    judgements: list[Judged], joined: int
) -> None:
    before = partition(EIGHT, judgements)
    newcomer = judged(joined, 9, Verdict.SAME)
    after = partition([*EIGHT, member(9)], [*judgements, newcomer])
    assert {one: after[one].person for one in before} == {
        one: standing.person for one, standing in before.items()
    }
    assert after[UUID(int=9)].person == before[UUID(int=joined)].person


def test_after_a_split_the_part_with_the_oldest_keeps_the_key() -> None:
    three = [member(1, age=3), member(2, age=1), member(3, age=2)]
    joined = [judged(1, 2, Verdict.SAME), judged(1, 3, Verdict.SAME)]
    assert {s.person for s in partition(three, joined).values()} == {UUID(int=2)}
    split = partition(three, joined[1:])
    assert split[UUID(int=2)].person == UUID(int=2)
    assert split[UUID(int=1)].person == split[UUID(int=3)].person == UUID(int=3)


def test_a_contradiction_links_nobody_until_it_is_decided() -> None:
    three = [member(n) for n in (1, 2, 3)]
    same = [judged(1, 2, Verdict.SAME), judged(2, 3, Verdict.SAME)]
    apart = judged(1, 3, Verdict.DIFFERENT)
    contested = partition(three, [*same, apart])
    assert {standing.person for standing in contested.values()} == set(contested)
    assert all(standing.contested for standing in contested.values())
    assert len({s.person for s in partition(three, same).values()}) == 1


def test_a_contradiction_of_its_own_is_the_agency_s_whoever_else_is_joined() -> None:
    three = [member(n) for n in (1, 2, 3)]
    judgements = [judged(1, 2, Verdict.SAME), judged(2, 3, Verdict.SAME)]
    judgements.append(judged(1, 3, Verdict.DIFFERENT))
    [case] = cases(three, judgements)
    assert case.audience == "unicef"
    among = [*judgements, judged(3, 4, Verdict.SAME), judged(1, 4, Verdict.DIFFERENT)]
    found = cases([*three, member(4, "who")], among)
    assert case in found
    assert {one.audience for one in found if one != case} == {DESK}


def test_what_others_join_and_an_agency_holds_apart_is_the_desk_s_case() -> None:
    members = [member(1), member(2), member(3, "who")]
    judgements = [judged(1, 3, Verdict.SAME), judged(2, 3, Verdict.SAME)]
    judgements.append(judged(1, 2, Verdict.DIFFERENT))
    [case] = cases(members, judgements)
    assert case.audience == DESK


def test_a_judgement_about_somebody_unknown_says_nothing() -> None:
    two = [member(1), member(2)]
    unknown = [judged(1, 9, Verdict.SAME), judged(2, 9, Verdict.SAME)]
    assert {s.person for s in partition(two, unknown).values()} == {
        UUID(int=1),
        UUID(int=2),
    }
