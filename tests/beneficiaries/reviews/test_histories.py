"""Whatever is recorded and judged, in whatever order: persons are what is in force.

A state machine records, corrects, ends, judges, revises, undoes and rekeys through HTTP
on real Postgres. After every request the laws hold of what stands in the database.
"""

from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.settings import Settings
from tests.beneficiaries.reviews.office import FORMS, NEVER, Office, believed, same_word
from tests.beneficiaries.reviews.world import Asked, Pair, World, world
from tests.databases import Fresh

SMALL = hypothesis.settings(
    max_examples=50,
    stateful_step_count=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
LONGEST = 900  # seconds: a history that fails is made smaller before it is told
MOST = 12  # registrations, as many as a newcomer is compared with
AGENCIES = st.sampled_from(("unicef", "who"))
FORM = st.sampled_from(list(FORMS))
BY = st.sampled_from(("ana", "besa"))
# More often a clear word: it takes several of both to contradict each other.
VERDICTS = st.sampled_from((Verdict.SAME, Verdict.DIFFERENT, *Verdict))
LEAVING = st.sampled_from(("withdrawal", "erasure", "never match"))


def with_room(self: "History") -> bool:
    return len(self.office.recorded) < MOST


def with_words(self: "History") -> bool:
    return bool(self.office.stand.in_force)


def with_reviews(self: "History") -> bool:
    return bool(self.office.stand.waiting)


def with_something_to_undo(self: "History") -> bool:
    return bool(self.revised)


class History(RuleBasedStateMachine):
    """Two agencies and the desk, a few people, and reviewers who change their minds."""

    now: World
    master: bytes
    recorded = Bundle("recorded")

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(self.now, self.master)

    @initialize(target=recorded, forms=st.lists(FORM, min_size=2, max_size=4))
    def begin(self, forms: list[str]) -> Any:  # noqa: ANN401 -- hypothesis's own
        return multiple(*self.office.record("unicef", forms))

    @precondition(with_room)
    @rule(target=recorded, agency=AGENCIES, form=FORM)
    def record(self, agency: str, form: str) -> int:
        return self.office.record(agency, [form])[0]

    @precondition(with_room)
    @rule(
        target=recorded, agency=AGENCIES, forms=st.lists(FORM, min_size=2, max_size=4)
    )
    def record_a_batch(self, agency: str, forms: list[str]) -> Any:  # noqa: ANN401 -- hypothesis's own
        return multiple(*self.office.record(agency, forms))

    @precondition(with_room)
    @rule(target=recorded, number=recorded)
    def send_again(self, number: int) -> Any:  # noqa: ANN401 -- hypothesis's own
        return multiple(*self.office.send_again(number))

    @rule(number=recorded, form=FORM)
    def correct(self, number: int, form: str) -> None:
        self.office.correct(number, FORMS[form])

    @rule(number=recorded, how=LEAVING)
    def leave(self, number: int, how: str) -> None:
        if how == "never match":
            self.office.correct(number, NEVER)
        else:
            self.office.end(number, how)

    @rule(agency=AGENCIES)
    def outdate(self, agency: str) -> None:
        """Another scheme comes: whoever is new meets none of these until they move."""
        self.now.outdate(agency)
        self.office.look()

    @rule(agency=AGENCIES)
    def rekey(self, agency: str) -> None:
        self.office.rekey(agency)

    @rule(agency=AGENCIES)
    def see(self, agency: str) -> None:
        self.office.see(agency)

    @precondition(with_reviews)
    @rule(data=st.data(), by=BY, verdict=VERDICTS)
    def judge(self, data: st.DataObject, by: str, verdict: Verdict) -> None:
        self.office.judge(by, self.drawn_review(data), verdict)

    @precondition(with_reviews)
    @rule(data=st.data(), words=st.tuples(VERDICTS, VERDICTS))
    def ask_two(self, data: st.DataObject, words: tuple[Verdict, Verdict]) -> None:
        """Let two agree, who may not; and who may be kept off by a claim."""
        asked = self.drawn_review(data)
        self.office.act_on(asked, "second-opinion", codes=(200,))
        for by, verdict in zip(("ana", "besa"), words, strict=True):
            if asked in self.office.stand.reviews:
                self.office.judge(by, asked, verdict)

    @precondition(with_reviews)
    @rule(data=st.data(), by=BY, back=st.booleans())
    def claim(self, data: st.DataObject, by: str, back: bool) -> None:  # noqa: FBT001 -- drawn
        """Take a review, or give it back."""
        verb, codes = ("DELETE", (204,)) if back else ("POST", (200, 409))
        self.office.act_on(self.drawn_review(data), "claim", by, verb, codes)

    @precondition(with_words)
    @rule(data=st.data(), by=BY, verdict=VERDICTS)
    def revise(self, data: st.DataObject, by: str, verdict: Verdict) -> None:
        self.office.revise(by, self.drawn(data, self.judged), verdict)

    @precondition(with_something_to_undo)
    @rule(data=st.data(), by=BY)
    def undo(self, data: st.DataObject, by: str) -> None:
        self.office.undo(by, self.drawn(data, self.revised))

    @precondition(with_words)
    @rule(data=st.data(), by=BY, verdict=VERDICTS)
    def revise_and_undo(self, data: st.DataObject, by: str, verdict: Verdict) -> None:
        """Whoever judges and takes it back has changed nothing of the persons."""
        two = self.drawn(data, self.judged)
        before = self.office.stand
        made = self.office.revise(by, two, verdict)
        if made is None or made["judgement"] is None:
            return
        self.office.undo(by, two)
        word = before.in_force[two]
        if believed(self.office, word):
            assert same_word(self.office.stand.in_force[two], word)
            assert self.office.stand.places == before.places

    @property
    def judged(self) -> list[Pair]:
        return list(self.office.stand.in_force)

    @property
    def revised(self) -> list[Pair]:
        in_force = self.office.stand.in_force
        return [two for two, word in in_force.items() if word["supersedes"]]

    def drawn(self, data: st.DataObject, pairs: list[Pair]) -> Pair:
        """Draw a pair by the numbers of its ends: ids are others in every run."""
        numbers = self.office.numbers
        by_numbers = {tuple(sorted(numbers[end] for end in two)): two for two in pairs}
        return by_numbers[data.draw(st.sampled_from(sorted(by_numbers)))]

    def drawn_review(self, data: st.DataObject) -> Asked:
        """Draw one that waits; a pair may wait with its agency and at the desk."""
        waiting = self.office.stand.reviews
        two = self.drawn(data, [(low, high) for low, high, _ in waiting])
        audiences = sorted(one[2] for one in waiting if one[:2] == two)
        return (*two, data.draw(st.sampled_from(audiences)))


@pytest.mark.timeout(LONGEST)
def test_after_any_history_the_persons_are_those_of_what_remains(
    settings: Settings, databases: dict[str, Fresh]
) -> None:
    with world(settings, databases["beneficiaries"]) as now:
        bound = type("Bound", (History,), {"now": now, "master": settings.master})
        run_state_machine_as_test(bound, settings=SMALL)
