"""How events are counted: what each is taken for, and what they add up to.

A subject (a registration, an award, a placement) counts for what is said of it last;
units that several subjects share (a person with three registrations) count once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID


class Measure(StrEnum):
    """What can be counted."""

    PEOPLE_REACHED = "people_reached"
    GRANTS_AWARDED = "grants_awarded"
    ECONOMIC_PLANS_ADOPTED = "economic_plans_adopted"
    ACTION_PLANS_ADOPTED = "action_plans_adopted"
    SHORT_TERM_PLACEMENTS = "short_term_placements"
    LONG_TERM_PLACEMENTS = "long_term_placements"
    TEACHER_TRAININGS_HELD = "teacher_trainings_held"
    TEACHERS_TRAINED = "teachers_trained"
    OFFICIALS_TRAINED = "officials_trained"
    ENTERPRISE_ACTIVITIES = "enterprise_activities"
    BUSINESS_LINKS = "business_links"
    BUSINESSES_LINKED = "businesses_linked"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a service, as its feed tells it: of whom it says an id, no more."""

    id: UUID
    type: str
    subject: UUID
    data: Mapping[str, Any] = field(default_factory=dict)


class Tally(NamedTuple):
    """That a unit counts, and for how many."""

    measure: Measure
    unit: UUID
    amount: int = 1


Tallies = frozenset[Tally]
NOTHING: Final[Tallies] = frozenset()


class Word(NamedTuple):
    """What a subject counts for; of two words that of the later turn stands."""

    turn: int
    tallies: Tallies


LAST: Final = 2**62  # after it nothing is said: a registration has ended


def _person(event: Event) -> Tallies:
    return frozenset({Tally(Measure.PEOPLE_REACHED, UUID(event.data["person"]))})


def _award(event: Event) -> Tallies:
    return frozenset({Tally(Measure.GRANTS_AWARDED, event.subject)})


def _plan(event: Event) -> Tallies:
    kinds = {
        "economic_development": Measure.ECONOMIC_PLANS_ADOPTED,
        "community_action": Measure.ACTION_PLANS_ADOPTED,
    }
    return frozenset({Tally(kinds[event.data["kind"]], event.subject)})


def _placement(event: Event) -> Tallies:
    terms = {
        "short": Measure.SHORT_TERM_PLACEMENTS,
        "long": Measure.LONG_TERM_PLACEMENTS,
    }
    begun = event.data["status"] in {"started", "ended"}
    tally = Tally(terms[event.data["term"]], event.subject)
    return frozenset({tally}) if begun else NOTHING


def _training(event: Event) -> Tallies:
    teachers, officials = (int(event.data[who]) for who in ("teachers", "officials"))
    attended = {
        Measure.TEACHER_TRAININGS_HELD: int(teachers > 0),
        Measure.TEACHERS_TRAINED: teachers,
        Measure.OFFICIALS_TRAINED: officials,
    }
    return frozenset(Tally(what, event.subject, n) for what, n in attended.items() if n)


def _activity(event: Event) -> Tallies:
    begun = event.data["state"] in {"running", "completed"}
    tally = Tally(Measure.ENTERPRISE_ACTIVITIES, event.subject)
    return frozenset({tally}) if begun else NOTHING


def _link(event: Event) -> Tallies:
    ends = {Tally(Measure.BUSINESSES_LINKED, UUID(one)) for one in event.data["ends"]}
    return frozenset({Tally(Measure.BUSINESS_LINKS, event.subject), *ends})


def _ended(event: Event) -> Tallies:
    return frozenset({Tally(Measure.PEOPLE_REACHED, event.subject, 0)})


READINGS: Final[Mapping[str, Callable[[Event], Tallies]]] = {
    "registration.recorded": _person,
    "person.merged": _person,
    "person.split": _person,
    "registration.withdrawn": _ended,
    "registration.erased": _ended,
    "award.active": _award,
    "award.suspended": _award,
    "award.closed": _award,
    "plan.adopted": _plan,
    "placement.recorded": _placement,
    "placement.stepped": _placement,
    "placement.dated": _placement,
    "training.held": _training,
    "activity.stepped": _activity,
    "link.recorded": _link,
}


def read(event: Event) -> Word | None:
    """Say what its subject counts for from its turn on; None leaves it as it was."""
    if (reading := READINGS.get(event.type)) is None:
        return None
    turn = LAST if reading is _ended else int(event.data.get("moves", 0))
    return Word(turn, reading(event))


def latest(events: Iterable[Event]) -> dict[UUID, Word]:
    """Give the word that stands of each subject; an event that comes again is none."""
    known: set[UUID] = set()
    words: dict[UUID, Word] = {}
    for event in events:
        word = None if event.id in known else read(event)
        known.add(event.id)
        if word is not None and stands(word, words.get(event.subject)):
            words[event.subject] = word
    return words


def stands(word: Word, before: Word | None) -> bool:
    return before is None or word.turn >= before.turn


def fold(events: Iterable[Event]) -> dict[Measure, int]:
    """Add events up, in their order; one that comes again changes nothing."""
    return added(tally for word in latest(events).values() for tally in word.tallies)


def added(tallies: Iterable[Tally]) -> dict[Measure, int]:
    """Count each unit once, at the most that anything says of it."""
    most: dict[tuple[Measure, UUID], int] = {}
    for measure, unit, amount in tallies:
        most[measure, unit] = max(amount, most.get((measure, unit), 0))
    totals = dict.fromkeys(Measure, 0)
    for (measure, _), amount in most.items():
        totals[measure] += amount
    return totals
