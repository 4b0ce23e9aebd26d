"""Persons are computed from the judgements in force, whatever came before them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from services.beneficiaries.linkage.rules import (
    DESK,
    Judged,
    Member,
    Standing,
    Verdict,
    audience,
    contradictions,
    pair,
    partition,
    places,
)

AGENCIES = ("unicef", "who", "undp")
DAWN = datetime(2026, 1, 1, tzinfo=UTC)
VERDICTS = st.sampled_from(Verdict)
Pair = tuple[UUID, UUID]


def member(number: int, agency: str = "unicef", age: int | None = None) -> Member:
    since = DAWN + timedelta(seconds=number if age is None else age)
    return Member(UUID(int=number), agency, since)


def judged(low: int, high: int, verdict: Verdict) -> Judged:
    return Judged(*pair(UUID(int=low), UUID(int=high)), verdict)


def persons(standings: Mapping[UUID, Standing]) -> set[frozenset[UUID]]:
    """Give the registrations of each person, whatever its key is."""
    together: dict[UUID, set[UUID]] = {}
    for registration, standing in standings.items():
        together.setdefault(standing.person, set()).add(registration)
    return {frozenset(group) for group in together.values()}


def expected(
    members: Iterable[Member], judgements: Iterable[Judged]
) -> set[frozenset[UUID]]:
    """Compute the persons in the plainest way: join until nothing joins any more."""
    judgements = list(judgements)
    groups = [{one.registration} for one in members]
    for one in judgements:
        if one.verdict is Verdict.SAME:
            touched = [group for group in groups if {one.low, one.high} & group]
            groups = [group for group in groups if group not in touched]
            groups.append(set().union(*touched))
    apart = [{j.low, j.high} for j in judgements if j.verdict is Verdict.DIFFERENT]
    return {
        frozenset(part)
        for group in groups
        for part in (
            [{one} for one in group] if any(two <= group for two in apart) else [group]
        )
    }


class Office(RuleBasedStateMachine):
    """Registrations arrive, and people judge, change their minds and undo."""

    registrations = Bundle("registrations")

    def __init__(self) -> None:
        super().__init__()
        self.members: list[Member] = []
        self.in_force: dict[Pair, Verdict] = {}

    def judgements(self) -> list[Judged]:
        return [Judged(*two, verdict) for two, verdict in self.in_force.items()]

    @initialize(target=registrations)
    def first(self) -> UUID:
        self.members.append(member(1))
        return self.members[0].registration

    @rule(target=registrations, agency=st.sampled_from(AGENCIES))
    def register(self, agency: str) -> UUID:
        new = member(len(self.members) + 1, agency)
        own = {p.registration: p.own for p in places(self.members, self.judgements())}
        self.members.append(new)
        for place in places(self.members, self.judgements()):
            assert own.get(place.registration, new.registration) == place.own
        return new.registration

    @rule(one=registrations, other=registrations, verdict=VERDICTS)
    def judge(self, one: UUID, other: UUID, verdict: Verdict) -> None:
        """Judge a pair for the first time or anew: the old judgement is superseded."""
        if one != other:
            self.in_force[pair(one, other)] = verdict

    @precondition(lambda self: self.in_force)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        del self.in_force[data.draw(st.sampled_from(sorted(self.in_force)))]

    @precondition(lambda self: len(self.members) > 1)
    @rule(data=st.data(), verdict=VERDICTS)
    def judge_and_undo(self, data: st.DataObject, verdict: Verdict) -> None:
        """Whoever judges and takes it back has changed nothing at all."""
        two = data.draw(st.sampled_from(self.pairs()))
        before = places(self.members, self.judgements())
        standing = self.in_force.get(two)
        self.in_force[two] = verdict
        places(self.members, self.judgements())
        del self.in_force[two]
        if standing is not None:
            self.in_force[two] = standing
        assert places(self.members, self.judgements()) == before

    def pairs(self) -> list[Pair]:
        ids = [one.registration for one in self.members]
        return [pair(*two) for two in combinations(ids, 2)]

    @invariant()
    def the_persons_are_those_of_the_judgements_in_force(self) -> None:
        standings = partition(self.members, self.judgements())
        assert persons(standings) == expected(self.members, self.judgements())
        backwards = partition(reversed(self.members), reversed(self.judgements()))
        assert standings == backwards

    @invariant()
    def a_person_is_named_by_its_oldest(self) -> None:
        for group in persons(partition(self.members, self.judgements())):
            standing = partition(self.members, self.judgements())[min(group)]
            assert standing.person == min(group)  # ids are given in order of age here

    @invariant()
    def each_agency_s_own_persons_come_of_its_own_alone(self) -> None:
        everywhere = {
            place.registration: place.own
            for place in places(self.members, self.judgements())
        }
        for agency in AGENCIES:
            own = [one for one in self.members if one.agency == agency]
            alone = places(own, self.judgements())
            assert {p.registration: p.person for p in alone} == {
                one.registration: everywhere[one.registration] for one in own
            }

    @invariant()
    def whoever_is_contested_has_a_contradiction(self) -> None:
        there = places(self.members, self.judgements())
        contested = {place.component for place in there if place.contested}
        component = {place.registration: place.component for place in there}
        found = contradictions(there, self.judgements())
        assert {component[one.low] for one in found} == contested
        assert {one.verdict for one in found} <= {Verdict.DIFFERENT}


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)

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


def test_a_judgement_about_somebody_unknown_says_nothing() -> None:
    two = [member(1), member(2)]
    unknown = [judged(1, 9, Verdict.SAME), judged(2, 9, Verdict.SAME)]
    assert {s.person for s in partition(two, unknown).values()} == {
        UUID(int=1),
        UUID(int=2),
    }


def test_a_pair_across_agencies_is_for_the_desk() -> None:
    assert audience("unicef", "unicef") == "unicef"
    assert audience("unicef", "who") == DESK
