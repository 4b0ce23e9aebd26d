"""Consortia and applications under whatever their parties do, ten thousand steps each.

The rules are the real ones; the office around them is written out once more, plainly.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.grants.applications import rules as applications
from services.grants.applications.rules import RESTING, Status, put_out, renewed
from services.grants.consortia.rules import (
    Answer,
    State,
)
from tests.grants.office import ANYBODY, LEAD, MEMBERS, OTHERS, Consortium, Terms

STEPS = 10_000
MANY = settings(
    max_examples=150,  # a few are cut short
    stateful_step_count=100,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WAY = {
    Status.SUBMITTED: Status.ELIGIBLE,
    Status.ELIGIBLE: Status.SCORED,
    Status.SCORED: Status.RANKED,
}


class Application(Consortium):
    """The same consortium applies, is assessed, awarded, left and whole again."""

    renewals = refusals = 0

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        self.status = Status.DRAFT
        self.resting: Terms | None = None
        self.offered: Terms | None = None
        self.signed: set[UUID] = set()
        self.awarded = False

    def seen(self) -> tuple[object, ...]:
        return (*super().seen(), self.status, id(self.resting), self.awarded)

    @rule(members=MEMBERS)
    def come_together(self, members: list[UUID]) -> None:
        """Propose, accept and sign in one go: else chance seldom gets so far."""
        self.propose(members)
        self.all_accept()
        self.circulate(share=True)

    @precondition(lambda self: not self.awarded)
    @rule(partner=st.sampled_from(OTHERS[:2]))
    def be_awarded(self, partner: UUID) -> None:
        """Go all the way, with a partner from across the divide."""
        self.begin()
        self.come_together([partner])
        for _ in range(5):
            self.go_on()
        assert self.awarded

    @precondition(lambda self: self.awarded)
    @rule(members=MEMBERS)
    def ask_to_go_on(self, members: list[UUID]) -> None:
        """Ask with whoever is still in, and with others: some make it whole again."""
        said = self.resting.answers if self.resting else {}
        stay = [who for who in OTHERS if said.get(who) is Answer.ACCEPTED]
        self.come_together([*{*stay, *members}])
        self.renew()

    @rule()
    def go_on(self) -> None:
        """Take the next step on the way to an award, whatever it is."""
        if self.status is Status.DRAFT:
            self.submit()
        elif self.status in WAY:
            self.tried(lambda: self.go(WAY[self.status]))
        elif self.status is Status.RANKED:
            self.award()
        elif self.status in (Status.WITHDRAWN, Status.DECLINED):
            self.begin()

    def go(self, wanted: Status) -> None:
        self.status = applications.move(self.status, wanted)

    @rule(share=st.booleans())
    def circulate(self, share: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
        agreed = [one for one in self.terms if one.state is State.AGREED]
        if agreed and self.status in applications.OFFERABLE:
            self.offered = agreed[-1]
            self.signed = set(self.offered.shares) if share else {LEAD}

    def enter(self, onward: Status) -> None:
        """Let it rest on what was offered, if that is signed, whole and composed."""
        terms = self.offered
        if terms is None or terms.state is not State.AGREED or not terms.composed:
            raise applications.NotComposed
        if self.signed != set(terms.shares):
            raise applications.NotAllSigned
        self.status, self.resting = onward, terms

    @rule()
    def submit(self) -> None:
        def act() -> None:
            onward = applications.move(self.status, Status.SUBMITTED)
            if self.status is not Status.DRAFT:
                raise applications.ApplicationNotReady
            self.enter(onward)

        self.tried(act)

    @rule()
    def renew(self) -> None:
        def act() -> None:
            onward = renewed(LONG_AGO if self.awarded else None)
            if self.status is not Status.AWARDED or self.offered is self.resting:
                applications.move(self.status, onward)
            before = self.resting
            if before is None or self.offered is None:
                raise applications.ApplicationNotReady
            left = [w for w, said in before.answers.items() if said is Answer.WITHDREW]
            if put_out(list(before.shares), left, list(self.offered.shares)):
                raise applications.PutOut
            self.enter(onward)

        if self.awarded:
            done = self.tried(act)
            type(self).renewals += done
            type(self).refusals += not done
        elif self.status is Status.SUSPENDED:
            self.tried(act)

    @rule(
        wanted=st.sampled_from(
            (Status.ELIGIBLE, Status.SCORED, Status.RANKED, Status.APPEALED)
        )
    )
    def decide(self, wanted: Status) -> None:
        self.tried(lambda: self.go(wanted))

    @rule()
    def award(self) -> None:
        def act() -> None:
            onward = applications.move(self.status, Status.AWARDED)
            terms = self.resting
            if self.awarded or terms is None or terms.state is not State.AGREED:
                raise applications.ApplicationNotReady
            self.status, self.awarded = onward, True

        self.tried(act)

    @rule(wanted=st.sampled_from((Status.DECLINED, Status.WITHDRAWN)))
    def end(self, wanted: Status) -> None:
        if not self.awarded:
            self.tried(lambda: self.go(wanted))

    @rule(who=ANYBODY)
    def leave(self, who: UUID) -> None:
        super().leave(who)
        terms = self.resting
        if terms and terms.state is State.LEFT and self.status in RESTING:
            self.go(Status.SUSPENDED)

    @rule(who=ANYBODY, said=st.sampled_from(Answer), back=st.integers(1, 2))
    def say(self, who: UUID, said: Answer, back: int) -> None:
        if said is Answer.WITHDREW:
            self.leave(who)  # whoever withdraws leaves all that rests on it
        else:
            super().say(who, said, back)

    @invariant()
    def nothing_rests_on_terms_that_are_left_or_that_break_a_rule(self) -> None:
        if self.status in RESTING:
            assert self.resting is not None
            assert self.resting.state is State.AGREED
            assert self.resting.composed

    @invariant()
    def an_award_is_never_declined_nor_withdrawn(self) -> None:
        if self.awarded:
            assert self.status in (Status.AWARDED, Status.SUSPENDED)


def run(machine: type[Any]) -> None:
    machine.steps = 0
    run_state_machine_as_test(machine, settings=MANY)
    assert machine.steps >= STEPS


def test_a_consortium_comes_into_no_illegal_state() -> None:
    run(Consortium)


def test_no_rule_is_bypassed_by_changing_members_after_award() -> None:
    Application.renewals = Application.refusals = 0
    run(Application)
    assert Application.renewals > 50  # it did get so far, and both ways
    assert Application.refusals > 50
