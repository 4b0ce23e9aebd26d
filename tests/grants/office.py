"""A consortium under whatever its members do: the real rules in a plain office."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from uuid import UUID

import hypothesis.strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from services.grants.calls.composition import (
    Facts,
    MaximumShareOfCommunity,
    MinimumCommunities,
    MinimumOrganisations,
    Party,
    broken,
)
from services.grants.consortia.rules import (
    ANSWERS,
    NEXT,
    Answer,
    State,
    after_answer,
    answer,
    move,
)
from services.grants.organisations.rules import Kind
from services.kit.refusals import Refusal

LEAD, *OTHERS = (UUID(int=number) for number in range(5))
COMMUNITIES = ("albanian", "serb", "roma", "albanian", None)
LED_BY = dict(zip((LEAD, *OTHERS), COMMUNITIES, strict=True))
RULES = (
    MinimumOrganisations(count=2),
    MinimumCommunities(count=2),
    MaximumShareOfCommunity(percent=Decimal(70)),
)
MEMBERS = st.lists(st.sampled_from(OTHERS), min_size=1, max_size=3, unique=True)
ANYBODY = st.sampled_from((LEAD, *OTHERS))


@dataclass
class Terms:
    """Terms with what each member has answered."""

    shares: dict[UUID, Decimal]
    state: State = State.PROPOSED
    answers: dict[UUID, Answer] = field(default_factory=dict)

    @property
    def composed(self) -> bool:
        parties = [
            Party(
                organisation=one,
                kind=Kind.CSO,
                municipality=None,
                share=share,
                lead=one == LEAD,
                led_by=frozenset({told} if (told := LED_BY[one]) else ()),
            )
            for one, share in self.shares.items()
        ]
        return not broken(RULES, Facts(parties))


class Consortium(RuleBasedStateMachine):
    """A lead proposes; members answer, each for itself, and leave when they like."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[Terms] = []

    def seen(self) -> tuple[object, ...]:
        return tuple((one.state, dict(one.answers)) for one in self.terms[-3:])

    def tried(self, act: Callable[[], None]) -> bool:
        """Let somebody act; what is refused has changed nothing."""
        before = self.seen()
        try:
            act()
        except Refusal:
            assert self.seen() == before
            return False
        return True

    @rule(members=MEMBERS)
    def propose(self, members: list[UUID]) -> None:
        for one in self.terms[-1:]:
            if one.state is State.PROPOSED:
                one.state = move(one.state, State.LAPSED)
        part = Decimal(100) / (len(members) + 1)
        asked = (LEAD, *members)
        self.terms.append(Terms(dict.fromkeys(asked, part)))
        self.terms[-1].answers = dict.fromkeys(asked, Answer.INVITED)

    @rule(who=ANYBODY, said=st.sampled_from(Answer), back=st.integers(1, 2))
    def say(self, who: UUID, said: Answer, back: int) -> None:
        if len(self.terms) < back or who not in self.terms[-back].answers:
            return
        self.tried(lambda: self.hear(self.terms[-back], who, said))

    def hear(self, terms: Terms, who: UUID, said: Answer) -> None:
        was = terms.answers[who]
        heard = answer(terms.state, was, said)
        assert heard in ANSWERS[was]
        stood = terms.state
        terms.state = after_answer(stood, [*(terms.answers | {who: heard}).values()])
        terms.answers[who] = heard
        assert terms.state is stood or terms.state in NEXT[stood]

    @rule()
    def all_accept(self) -> None:
        for one in self.terms[-1:]:
            for who in one.answers:
                self.tried(partial(self.hear, one, who, Answer.ACCEPTED))

    @rule(who=ANYBODY)
    def leave(self, who: UUID) -> None:
        for one in self.terms:
            if one.answers.get(who) is Answer.ACCEPTED and one.state in (
                State.PROPOSED,
                State.AGREED,
            ):
                self.tried(partial(self.hear, one, who, Answer.WITHDREW))

    @invariant()
    def each_step_counts(self) -> None:
        type(self).steps += 1

    @invariant()
    def only_what_all_accepted_is_agreed(self) -> None:
        for one in self.terms:
            accepted = set(one.answers.values()) == {Answer.ACCEPTED}
            assert (one.state is State.AGREED) == accepted

    @invariant()
    def one_proposal_is_open_at_a_time(self) -> None:
        assert [one.state for one in self.terms[:-1]].count(State.PROPOSED) == 0
