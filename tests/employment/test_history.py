"""Whatever two agencies do to placements, the database and a plain model agree.

A state machine places, brings on, dates and closes through HTTP on real Postgres; the
model beside it says what each answer must be. After every step no place is oversold,
nobody is in two full-time placements at a time, and each vacancy stands as it should.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from httpx import ASGITransport, AsyncClient, Response
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

from services.employment.app import create_app
from services.employment.placements.actions import Office
from services.employment.placements.limit import Limit
from services.employment.placements.rules import (
    HOLDING,
    NEXT,
    OPEN,
    WHY,
    Status,
    Why,
    takes_a_place,
)
from services.employment.vacancies.rules import State
from services.kit import limits
from tests.databases import Fresh
from tests.employment.conftest import Agency, settings_for
from tests.employment.neighbours import Neighbours, serving

SMALL = settings(
    max_examples=12,
    stateful_step_count=22,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # to make it smaller would take minutes
    suppress_health_check=list(HealthCheck),
)
PATIENT = limits.Limit.an_hour(10**6)  # how often one may ask is tested elsewhere
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
Window = tuple[date, date | None]
WINDOWS: tuple[Window, ...] = (
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 1, 15), date(2026, 2, 15)),
    (date(2026, 2, 1), None),
    (date(2026, 3, 1), date(2026, 3, 31)),
)
PEOPLE = range(2)
MANY = 5  # placements, before a vacancy is closed early


@dataclass
class Offer:
    """A vacancy as the model has it."""

    agency: Agency
    key: str
    places: int
    full_time: bool
    state: State = State.PUBLISHED
    taken: int = 0

    def count(self, more: int) -> None:
        self.taken += more
        if self.state in {State.PUBLISHED, State.FILLED}:
            full = self.taken >= self.places
            self.state = State.FILLED if full else State.PUBLISHED


@dataclass
class Work:
    """A placement as the model has it."""

    offer: Offer
    key: str
    person: int
    window: Window
    status: Status
    why: Why | None = None

    @property
    def holds(self) -> bool:
        return self.offer.full_time and self.status in HOLDING

    @property
    def takes(self) -> bool:
        return takes_a_place(self.status, self.why)


def overlap(one: Window, other: Window) -> bool:
    last = [end or date.max for _, end in (one, other)]
    return one[0] <= last[1] and other[0] <= last[0]


@dataclass
class World:
    """The service, alive in a loop of its own, and two agencies that speak to it."""

    runner: asyncio.Runner
    agencies: list[Agency]
    beside: asyncpg.Connection

    def at_once(self, *requests: Any) -> list[Response]:  # noqa: ANN401 -- coroutines
        async def gathered() -> list[Response]:
            return list(await asyncio.gather(*requests))

        return self.runner.run(gathered())

    def ask(self, statement: str) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = self.runner.run(self.beside.fetch(statement))
        return rows


@contextmanager
def world(database: Fresh) -> Iterator[World]:
    neighbours, stack = Neighbours(), AsyncExitStack()

    async def opened() -> AsyncClient:
        url = await stack.enter_async_context(serving(neighbours.app()))
        app = create_app(settings_for(database, url, url, url))
        await stack.enter_async_context(app.router.lifespan_context(app))
        app.state.office = Office(app.state.database, Limit(PATIENT, PATIENT))
        client = AsyncClient(transport=ASGITransport(app), base_url="http://employment")
        return await stack.enter_async_context(client)

    with asyncio.Runner() as runner:
        client = runner.run(opened())
        agencies = [Agency(client, neighbours, name) for name in ("unicef", "who")]
        beside = runner.run(asyncpg.connect(database.superuser))
        try:
            yield World(runner, agencies, beside)
        finally:
            runner.run(beside.close())
            runner.run(stack.aclose())


@dataclass
class Known:
    """What the model knows of one run."""

    persons: list[UUID] = field(default_factory=lambda: [uuid4() for _ in PEOPLE])
    offers: list[Offer] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    def offered(self, key: str) -> Offer | None:
        """Give an offer of this run; those before it are in the database too."""
        return next((one for one in self.offers if one.key == key), None)

    def busy(self, person: int, window: Window, but: Work | None = None) -> bool:
        return any(
            work.person == person and work.holds and overlap(work.window, window)
            for work in self.works
            if work is not but
        )


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
