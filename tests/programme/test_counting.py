"""Counting: units once, subjects by their latest word, events once, and how far."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.kit.feed import TYPES
from services.kit.following import Event as Told
from services.kit.following import Follower, Part
from services.kit.ids import new_id
from services.programme.counts.actions import apply
from services.programme.counts.definitions import DEFINITIONS
from services.programme.counts.rules import READINGS, Event, Measure, fold
from tests.databases import Fresh, ask
from tests.programme.conftest import FACT, INDICATOR, Officer

UP_TO = datetime(2011, 4, 30, tzinfo=UTC)
PEOPLE = [UUID(int=number) for number in range(1, 6)]
SUBJECTS = [UUID(int=100 + number) for number in range(6)]


def event(named: str, subject: UUID, /, **data: object) -> Event:
    return Event(new_id(), named, subject, data)


def person(kind: str, registration: UUID, whom: UUID, moves: int = 0) -> Event:
    return event(kind, registration, person=str(whom), moves=moves)


async def counting(app: FastAPI, feed: str, events: Sequence[Event]) -> None:
    """Follow a feed that tells these events next, whatever was read before."""
    items = [
        Told(
            id=one.id,
            type=TYPES + one.type,
            subject=one.subject,
            time=UP_TO,
            data=one.data,
        )
        for one in events
    ]

    async def source(_: str | None, /) -> Part:
        return Part(items=items, more=False)

    await Follower(feed, app.state.database.pool, source, apply).step()


def history(moves: list[tuple[UUID, UUID]], ended: set[UUID]) -> list[Event]:
    """Tell of registrations that go from person to person, and of some that end."""
    counts = Counter[UUID]()
    events = []
    for registration, whom in moves:
        turn = counts[registration]
        kind = "person.merged" if turn else "registration.recorded"
        events.append(person(kind, registration, whom, turn))
        counts[registration] += 1
    return [*events, *(event("registration.withdrawn", one) for one in sorted(ended))]


registration_events = st.builds(
    history,
    st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PEOPLE))),
    st.sets(st.sampled_from(SUBJECTS)),
)


@given(registration_events)
def test_people_are_those_whom_a_registration_in_force_is_of(
    events: list[Event],
) -> None:
    of: dict[UUID, str] = {}
    for one in events:
        of.pop(one.subject, None)
        if one.type != "registration.withdrawn":
            of[one.subject] = one.data["person"]
    assert fold(events)[Measure.PEOPLE_REACHED] == len(set(of.values()))


@given(registration_events, st.randoms(use_true_random=False))
def test_what_is_read_before_what_happened_before_it_counts_as_it_happened(
    events: list[Event], chance: random.Random
) -> None:
    mixed = chance.sample(events, len(events))
    assert fold(mixed) == fold(events)


@given(registration_events, st.randoms(use_true_random=False))
def test_an_event_that_comes_again_changes_nothing(
    events: list[Event], chance: random.Random
) -> None:
    repeated = list(events)
    for place in range(len(events), 0, -1):
        again = chance.choice(events[:place])
        repeated.insert(place, again)
    assert fold(repeated) == fold(events)


def test_a_merge_lowers_the_count_and_a_split_puts_it_back() -> None:
    first, second = SUBJECTS[:2]
    events = [
        person("registration.recorded", first, PEOPLE[0]),
        person("registration.recorded", second, PEOPLE[1]),
    ]
    assert fold(events)[Measure.PEOPLE_REACHED] == 2
    events.append(person("person.merged", second, PEOPLE[0]))
    assert fold(events)[Measure.PEOPLE_REACHED] == 1
    events.append(person("person.split", second, PEOPLE[1]))
    assert fold(events)[Measure.PEOPLE_REACHED] == 2


def test_each_kind_of_act_counts_from_when_it_is_done() -> None:
    one, two, three, four, five, six = SUBJECTS
    seven = new_id()
    ends = [str(PEOPLE[0]), str(PEOPLE[1])]
    counts = fold(
        [
            event("award.suspended", one),
            event("plan.adopted", two, kind="economic_development"),
            event("placement.recorded", three, term="long", status="accepted"),
            event("placement.stepped", three, term="short", status="started"),
            event("training.held", four, teachers=23, officials=0, others=4),
            event("training.held", seven, teachers=0, officials=0, others=0),
            event("activity.stepped", five, state="running"),
            event("link.recorded", six, ends=ends),
            event("link.recorded", new_id(), ends=ends),
            event("something.else", one),
        ]
    )
    assert {measure: count for measure, count in counts.items() if count} == {
        Measure.GRANTS_AWARDED: 1,
        Measure.ECONOMIC_PLANS_ADOPTED: 1,
        Measure.SHORT_TERM_PLACEMENTS: 1,
        Measure.TEACHER_TRAININGS_HELD: 1,
        Measure.TEACHERS_TRAINED: 23,
        Measure.ENTERPRISE_ACTIVITIES: 1,
        Measure.BUSINESS_LINKS: 2,
        Measure.BUSINESSES_LINKED: 2,
    }


def test_every_measure_says_how_it_is_counted_by_events_that_are_read() -> None:
    assert set(DEFINITIONS) == set(Measure)
    named = {name for one in DEFINITIONS.values() for name in one.events}
    assert named == set(READINGS)


async def test_the_database_counts_as_the_rule_does_in_pieces_and_repeated(
    app: FastAPI, officer: Officer
) -> None:
    chance = random.Random(7)
    moves = [(chance.choice(SUBJECTS), chance.choice(PEOPLE)) for _ in range(60)]
    told = chance.sample(events := history(moves, {SUBJECTS[0]}), len(events))
    code = INDICATOR | {"unit": "people", "counted_as": "people_reached"}
    key = (await officer.made("/indicators", code))["id"]
    done = 0
    while done < len(told):
        step = chance.randrange(1, 9)
        again = chance.randrange(done + 1)  # an outage: from somewhere before
        piece = told[again : done + step]
        await counting(app, "beneficiaries", piece)
        await counting(app, "beneficiaries", told[:1])  # old news, told again
        done += step
        counted = (await officer.read(f"/indicators/{key}/result"))["counted"]
        expected = fold(told[:done])[Measure.PEOPLE_REACHED]
        assert counted["value"] == expected


async def test_a_count_is_shown_with_how_it_was_counted_and_how_it_differs(
    app: FastAPI, officer: Officer
) -> None:
    at = f"/indicators/{(await officer.made('/indicators', INDICATOR))['id']}"
    await officer.made(f"{at}/facts", FACT)
    unread = await officer.read(f"{at}/result")
    assert (unread["counted"], unread["entered"][0]["difference"]) == (None, None)
    begun = [
        event("placement.stepped", one, term="short", status="started")
        for one in SUBJECTS
    ]
    await counting(app, "employment", begun)
    told = await officer.read(f"{at}/result")
    definition = DEFINITIONS[Measure.SHORT_TERM_PLACEMENTS]
    assert told["counted"] == {
        "value": 6,
        "how": definition.words.model_dump(),
        "source": "employment",
        "events": list(definition.events),
        "last_event": str(begun[-1].id),
        "up_to": "2011-04-30T00:00:00Z",
    }
    assert told["entered"][0]["difference"] == "-909"


async def test_a_count_of_nothing_is_known_once_its_source_is_read(
    app: FastAPI, officer: Officer
) -> None:
    key = (await officer.made("/indicators", INDICATOR))["id"]
    await counting(app, "employment", [event("vacancy.moved", SUBJECTS[0])])
    told: dict[str, Any] = await officer.read(f"/indicators/{key}/result")
    assert told["counted"]["value"] == 0


@pytest.mark.parametrize("table", ["tally", "counted_event"])
async def test_nobody_but_the_counting_sees_who_is_one_person_with_whom(
    app: FastAPI, database: Fresh, table: str
) -> None:
    merged = person("person.merged", SUBJECTS[0], PEOPLE[0])
    await counting(app, "beneficiaries", [merged])
    assert await ask(database.superuser, f"select count(*) from {table}") == 1
    connection = await asyncpg.connect(database.url)
    for who in ("undp", "registry-desk", ""):
        await connection.execute("select set_config('app.agency', $1, false)", who)
        assert await connection.fetchval(f"select count(*) from {table}") == 0
    await connection.close()


async def test_an_agency_cannot_make_a_count_up(app: FastAPI, database: Fresh) -> None:
    begun = event("activity.stepped", SUBJECTS[0], state="running")
    await counting(app, "employment", [begun])
    connection = await asyncpg.connect(database.url)
    await connection.execute("select set_config('app.agency', 'undp', false)")
    assert await connection.execute("update count_total set total = 9") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("insert into count_total values ('x', 9)")
    await connection.close()
