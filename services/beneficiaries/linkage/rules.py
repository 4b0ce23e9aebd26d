"""Who is one person: the partition of registrations by the judgements in force."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

DESK = "registry-desk"
MATCHER = "matcher"


class Verdict(StrEnum):
    """What a judgement says of a pair of registrations."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Judged(NamedTuple):
    """A judgement in force, as far as the partition asks."""

    low: UUID
    high: UUID
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Member:
    """A registration among those to be partitioned; `since` orders them by age."""

    registration: UUID
    agency: str
    since: datetime


class Standing(NamedTuple):
    """Where a registration stands: its component, its person, whether contested."""

    component: UUID
    person: UUID
    contested: bool


def pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


def partition(
    members: Iterable[Member], judgements: Iterable[Judged]
) -> Mapping[UUID, Standing]:
    """Compute the persons from the judgements in force, whatever came before.

    A component that also holds a "different" contradicts itself: it links nothing until
    the desk has decided. A person keeps the key of its oldest registration, so the key
    survives growth, and after a split the part with the oldest keeps it.
    """
    ages = {
        member.registration: (member.since, member.registration) for member in members
    }
    judged = [one for one in judgements if one.low in ages and one.high in ages]
    components = list(_components(ages, judged))
    standing_in = {one: at for at, those in enumerate(components) for one in those}
    contested = {
        standing_in[one.low]
        for one in judged
        if one.verdict is Verdict.DIFFERENT
        and standing_in[one.low] == standing_in[one.high]
    }
    standings: dict[UUID, Standing] = {}
    for at, component in enumerate(components):
        oldest = min(component, key=ages.__getitem__)
        for registration in component:
            person = registration if at in contested else oldest
            standings[registration] = Standing(oldest, person, at in contested)
    return standings


def _components(
    registrations: Iterable[UUID], judged: Iterable[Judged]
) -> Iterator[set[UUID]]:
    neighbours: dict[UUID, list[UUID]] = defaultdict(list)
    for one in judged:
        if one.verdict is Verdict.SAME:
            neighbours[one.low].append(one.high)
            neighbours[one.high].append(one.low)
    unseen = set(registrations)
    while unseen:
        component, waiting = set[UUID](), [unseen.pop()]
        while waiting:
            component.add(here := waiting.pop())
            waiting += [there for there in neighbours[here] if there not in component]
        unseen -= component
        yield component


class Place(NamedTuple):
    """A registration's standing, in the registry and among its own agency's."""

    registration: UUID
    component: UUID
    person: UUID
    own: UUID
    contested: bool


def places(members: Iterable[Member], judgements: Iterable[Judged]) -> list[Place]:
    """Compute each member's person, and the one its own agency may know of.

    The second comes from the agency's own registrations and judgements alone, so nobody
    else's registration ever changes it.
    """
    members, judgements = list(members), list(judgements)
    everywhere = partition(members, judgements)
    among_own: dict[UUID, Standing] = {}
    for agency in {member.agency for member in members}:
        own = [member for member in members if member.agency == agency]
        among_own |= partition(own, judgements)
    return [
        Place(
            member.registration,
            *there[:2],
            among_own[member.registration].person,
            there.contested,
        )
        for member in members
        for there in [everywhere[member.registration]]
    ]


class Case(NamedTuple):
    """A judgement of "different" inside one person, and who has to solve it."""

    low: UUID
    high: UUID
    audience: str


def cases(members: Iterable[Member], judgements: Iterable[Judged]) -> list[Case]:
    """Find the contradictions: those among an agency's own are its own to solve.

    They come from its own registrations alone, so its queue says nothing of anybody
    else's; the desk has the others.
    """
    members, judgements = list(members), list(judgements)
    if all(one.verdict is not Verdict.DIFFERENT for one in judgements):
        return []
    found: dict[tuple[UUID, UUID], str] = {}
    for agency in sorted({member.agency for member in members}):
        own = [member for member in members if member.agency == agency]
        found |= dict.fromkeys(_contradictions(own, judgements), agency)
    for one in _contradictions(members, judgements):
        found.setdefault(one, DESK)
    return [Case(*two, heard) for two, heard in found.items()]


def _contradictions(
    members: Iterable[Member], judgements: Iterable[Judged]
) -> list[tuple[UUID, UUID]]:
    standings = partition(members, judgements)
    return [
        (one.low, one.high)
        for one in judgements
        if one.verdict is Verdict.DIFFERENT
        and one.low in standings
        and one.high in standings
        and standings[one.low].component == standings[one.high].component
    ]
