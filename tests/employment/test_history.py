"""Whatever two agencies do to placements, the database and a plain model agree.

A state machine places, brings on, dates and closes through HTTP on real Postgres; the
model beside it says what each answer must be. After every step no place is oversold,
nobody is in two full-time placements at a time, and each vacancy stands as it should.
"""

from datetime import date
from typing import Any

from httpx import Response
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.employment.placements.rules import (
    HOLDING,
    NEXT,
    OPEN,
    WHY,
    Status,
)
from services.employment.vacancies.rules import State
from tests.databases import Fresh
from tests.employment.history import PEOPLE, Known, Offer, Window, Work, World, world

SMALL = settings(
    max_examples=12,
    stateful_step_count=22,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # to make it smaller would take minutes
    suppress_health_check=list(HealthCheck),
)
OVERLAPS = """
select a.id from placement a join placement b
  on a.person = b.person and a.id < b.id and a.during && b.during
where a.full_time and b.full_time and not a.contested and not b.contested
  and a.status in ('accepted', 'started', 'ended')
  and b.status in ('accepted', 'started', 'ended')
"""
VACANCIES = """
select v.id, v.state, v.places, count(p.id) filter (where p.takes_place)
from vacancy v left join placement p on p.vacancy = v.id group by v.id
"""
WINDOWS: tuple[Window, ...] = (
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 1, 15), date(2026, 2, 15)),
    (date(2026, 2, 1), None),
    (date(2026, 3, 1), date(2026, 3, 31)),
)
MANY = 5  # placements, before a vacancy is closed early


class Placing(RuleBasedStateMachine):
    """Two agencies, a few people, a few vacancies, and little time."""

    offers, placed = Bundle("offers"), Bundle("placed")
    now: World

    def __init__(self) -> None:
        super().__init__()
        self.known = Known()

    def one(self, request: Any) -> Response:  # noqa: ANN401 -- a coroutine
        [answer] = self.now.at_once(request)
        return answer

    @initialize(target=offers)
    def begin(self) -> Any:  # noqa: ANN401 -- hypothesis's own
        kinds = ((0, 1, "full_time"), (1, 2, "full_time"), (0, 1, "part_time"))
        return multiple(*(self.publish(*kind) for kind in kinds))

    def publish(self, agency: int, places: int, hours: str) -> Offer:
        offering = self.now.agencies[agency]
        key = self.now.runner.run(offering.vacancy(hours, places))
        offer = Offer(offering, key, places, hours == "full_time")
        self.known.offers.append(offer)
        return offer

    def sent(self, offer: Offer, person: int, window: Window, status: Status) -> Any:  # noqa: ANN401 -- a coroutine
        first, last = window
        until = last.isoformat() if last else None
        whom = self.known.persons[person]
        return offer.agency.place(
            offer.key, whom, first.isoformat(), until, status=status
        )

    def kept(
        self,
        answer: Response,
        offer: Offer,
        person: int,
        window: Window,
        status: Status,
    ) -> Work:
        work = Work(offer, answer.json()["id"], person, window, status)
        offer.count(work.takes)
        self.known.works.append(work)
        return work

    @rule(
        target=placed,
        offer=offers,
        person=st.sampled_from(PEOPLE),
        window=st.sampled_from(WINDOWS),
        status=st.sampled_from(sorted(OPEN)),
    )
    def place(self, offer: Offer, person: int, window: Window, status: Status) -> Any:  # noqa: ANN401 -- hypothesis's own
        answer = self.one(self.sent(offer, person, window, status))
        holding = offer.full_time and status in HOLDING
        if offer.state is not State.PUBLISHED:
            assert refused(answer) == "vacancy-closed"
        elif holding and self.known.busy(person, window):
            assert refused(answer) == "overlapping"
        else:
            assert answer.status_code == 201, answer.text
            return self.kept(answer, offer, person, window, status)
        return multiple()

    @rule(
        one=offers,
        other=offers,
        person=st.sampled_from(PEOPLE),
        window=st.sampled_from(WINDOWS),
    )
    def place_at_once(
        self, one: Offer, other: Offer, person: int, window: Window
    ) -> None:
        """Of two at one instant one stands at most, if both are open and full-time."""
        pair = (one, other)
        if one is other or any(
            offer.state is not State.PUBLISHED or not offer.full_time for offer in pair
        ):
            return
        answers = self.now.at_once(
            *(self.sent(offer, person, window, Status.ACCEPTED) for offer in pair)
        )
        expected = [409, 409] if self.known.busy(person, window) else [201, 409]
        assert sorted(answer.status_code for answer in answers) == expected
        for answer, offer in zip(answers, pair, strict=True):
            if answer.is_success:
                self.kept(answer, offer, person, window, Status.ACCEPTED)

    @rule(
        work=placed,
        amiss=st.integers(0, 9),
        data=st.data(),
    )
    def step(self, work: Work, amiss: int, data: st.DataObject) -> None:
        """Bring something on; mostly where it can go, so that much happens."""
        can_be = NEXT[work.status] if amiss else None
        steps = can_be or set(Status) - {Status.PROPOSED}
        wanted = data.draw(st.sampled_from(sorted(steps)))
        body: dict[str, Any] = {"status": wanted}
        why = data.draw(st.sampled_from(sorted(WHY.get(wanted, {None}), key=str)))
        last = work.window[1] or date(2026, 12, 31)
        window = work.window
        if wanted is Status.ENDED:
            window = (work.window[0], last)
            body["on"] = last.isoformat()
        answer = self.one(
            work.offer.agency.post(
                f"/placements/{work.key}/steps", **body, **({"why": why} if why else {})
            )
        )
        begins = work.offer.full_time and not work.holds and wanted in HOLDING
        if wanted not in NEXT[work.status]:
            assert refused(answer) == "not-next"
        elif wanted is Status.ACCEPTED and work.offer.state is not State.PUBLISHED:
            assert refused(answer) == "vacancy-closed"
        elif begins and self.known.busy(work.person, window, work):
            assert refused(answer) == "overlapping"
        else:
            assert answer.is_success, answer.text
            before = work.takes
            work.status, work.why, work.window = wanted, why, window
            work.offer.count(work.takes - before)

    @rule(work=placed, window=st.sampled_from(WINDOWS))
    def date(self, work: Work, window: Window) -> None:
        first, last = window
        body: dict[str, object] = {"starts_on": first.isoformat()}
        if last is not None:
            body["ends_on"] = last.isoformat()
        path = f"/placements/{work.key}/dates"
        answer = self.one(work.offer.agency.put(path, **body))
        if work.status not in OPEN:
            assert refused(answer) == "not-next"
        elif work.holds and self.known.busy(work.person, window, work):
            assert refused(answer) == "overlapping"
        else:
            assert answer.is_success, answer.text
            work.window = window

    @precondition(lambda self: len(self.known.works) > MANY)
    @rule(offer=offers)
    def close(self, offer: Offer) -> None:
        answer = self.one(offer.agency.post(f"/vacancies/{offer.key}/closing"))
        if offer.state is State.CLOSED:
            assert refused(answer) == "no-such-step"
        else:
            assert answer.is_success
            offer.state = State.CLOSED

    @invariant()
    def no_place_is_oversold_and_nobody_is_in_two_places(self) -> None:
        assert self.now.ask(OVERLAPS) == []
        for key, state, places, taken in self.now.ask(VACANCIES):
            if (offer := self.known.offered(str(key))) is not None:
                assert taken == offer.taken <= places
                assert state == offer.state


def refused(answer: Response) -> str:
    assert answer.status_code == 409, answer.text
    kind: str = answer.json()["type"]
    return kind.removeprefix("urn:uramost:problem:")


def test_whatever_two_agencies_do_the_places_and_the_people_add_up(
    database: Fresh,
) -> None:
    with world(database) as now:
        run_state_machine_as_test(
            type("Bound", (Placing,), {"now": now}), settings=SMALL
        )
