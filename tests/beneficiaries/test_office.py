"""Whatever people judge, ask, change and undo, persons are what is in force."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from services.beneficiaries.linkage.rules import (
    MATCHER,
    Judged,
    Member,
    Verdict,
    cases,
    pair,
    partition,
    places,
)
from services.beneficiaries.reviews.rules import State, free, restored, settle
from tests.beneficiaries.judging import AGENCIES, DAWN, expected, member, persons

NEVER = DAWN + timedelta(days=1)
APART = Verdict.DIFFERENT
VERDICTS = st.sampled_from(Verdict)
SUBJECTS = st.sampled_from(("ana", "besa", "cveta"))
Pair = tuple[UUID, UUID]


@dataclass
class Word:
    """A judgement as it is kept: superseded, never edited."""

    verdict: Verdict
    made_by: str
    supersedes: "Word | None" = None


@dataclass
class Desk:
    """A pair under review: its claim, its opinions, whether two must agree."""

    vetoes: tuple[str, ...] = ()
    claimed_by: str | None = None
    asked: bool = False
    opinions: dict[str, Verdict] = field(default_factory=dict)


class Office(RuleBasedStateMachine):
    """Registrations arrive; people claim, judge, ask others, change minds, undo."""

    registrations = Bundle("registrations")

    def __init__(self) -> None:
        super().__init__()
        self.members: list[Member] = []
        self.words: dict[Pair, Word] = {}
        self.reviews: dict[Pair, Desk] = {}

    def judgements(self) -> list[Judged]:
        return [Judged(*two, word.verdict) for two, word in self.words.items()]

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

    @rule(
        one=registrations,
        other=registrations,
        verdict=st.sampled_from((Verdict.SAME, Verdict.UNSURE)),
        vetoes=st.sampled_from(((), ("twin",), ("father",))),
    )
    def find(
        self, one: UUID, other: UUID, verdict: Verdict, vetoes: tuple[str, ...]
    ) -> None:
        """The matcher finds a pair that nobody has judged; of an unsure one it asks."""
        two = pair(one, other)
        if one != other and two not in self.words:
            self.words[two] = Word(verdict, MATCHER)
            if verdict is Verdict.UNSURE:
                self.reviews[two] = Desk(vetoes)

    @precondition(lambda self: self.reviews)
    @rule(data=st.data(), subject=SUBJECTS)
    def claim(self, data: st.DataObject, subject: str) -> None:
        review = self.reviews[data.draw(st.sampled_from(sorted(self.reviews)))]
        if free(review.claimed_by, NEVER, subject, DAWN):
            review.claimed_by = subject

    @precondition(lambda self: self.reviews)
    @rule(data=st.data())
    def ask_for_a_second_opinion(self, data: st.DataObject) -> None:
        self.reviews[data.draw(st.sampled_from(sorted(self.reviews)))].asked = True

    @precondition(lambda self: self.reviews)
    @rule(data=st.data(), subject=SUBJECTS, verdict=VERDICTS)
    def opine(self, data: st.DataObject, subject: str, verdict: Verdict) -> None:
        """Whoever is kept off by a claim changes nothing."""
        two = data.draw(st.sampled_from(sorted(self.reviews)))
        review = self.reviews[two]
        before = places(self.members, self.judgements())
        if not free(review.claimed_by, NEVER, subject, DAWN):
            return
        review.claimed_by, review.opinions[subject] = None, verdict
        state, agreed = settle(review.opinions, review.vetoes, asked=review.asked)
        if agreed is not None:
            self.words[two] = Word(agreed, subject, self.words[two])
        if state is State.SETTLED:
            del self.reviews[two]
        elif state is State.WAITING:
            assert places(self.members, self.judgements()) == before

    @precondition(lambda self: self.words)
    @rule(data=st.data(), verdict=VERDICTS)
    def revise(self, data: st.DataObject, verdict: Verdict) -> None:
        """A judgement takes the place of another one, the matcher's or a reviewer's."""
        two = data.draw(st.sampled_from(sorted(self.words)))
        self.words[two] = Word(verdict, "officer", self.words[two])
        self.reviews.pop(two, None)

    @precondition(lambda self: any(w.supersedes for w in self.words.values()))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """What stood before is in force again; the matcher's doubt waits again."""
        judged = [two for two, word in self.words.items() if word.supersedes]
        two = data.draw(st.sampled_from(sorted(judged)))
        before = self.words[two].supersedes
        assert before is not None
        verdict = restored(before.verdict, before.made_by, stale=False)
        self.words[two] = Word(verdict, before.made_by, self.words[two])
        self.reviews.pop(two, None)
        if before.made_by == MATCHER and verdict is Verdict.UNSURE:
            self.reviews[two] = Desk()

    @precondition(lambda self: self.words)
    @rule(data=st.data(), verdict=VERDICTS)
    def judge_and_undo(self, data: st.DataObject, verdict: Verdict) -> None:
        """Whoever judges and takes it back has changed nothing of the persons."""
        two = data.draw(st.sampled_from(sorted(self.words)))
        before = places(self.members, self.judgements())
        standing = self.words[two]
        self.words[two] = Word(verdict, "officer", standing)
        places(self.members, self.judgements())
        again = restored(standing.verdict, standing.made_by, stale=False)
        self.words[two] = Word(again, standing.made_by, self.words[two])
        assert places(self.members, self.judgements()) == before

    @precondition(lambda self: self.words)
    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        """A correction takes back what the matcher found, and no reviewer's word."""
        two = data.draw(st.sampled_from(sorted(self.words)))
        if self.words[two].made_by == MATCHER:
            del self.words[two]
            self.reviews.pop(two, None)

    @invariant()
    def nobody_is_joined_against_a_veto_by_one_person(self) -> None:
        for review in self.reviews.values():
            if "twin" in review.vetoes:
                same = [w for w in review.opinions.values() if w is Verdict.SAME]
                assert len(same) < 2

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
    def whoever_is_contested_has_a_case_that_somebody_can_solve(self) -> None:
        there = places(self.members, self.judgements())
        contested = {place.component for place in there if place.contested}
        component = {place.registration: place.component for place in there}
        found = cases(self.members, self.judgements())
        assert {component[one.low] for one in found} == contested
        assert all(self.words[one.low, one.high].verdict is APART for one in found)

    @invariant()
    def an_agency_s_cases_come_of_its_own_alone(self) -> None:
        found = cases(self.members, self.judgements())
        for agency in AGENCIES:
            own = [one for one in self.members if one.agency == agency]
            alone = set(cases(own, self.judgements()))
            assert {one for one in found if one.audience == agency} == alone


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
