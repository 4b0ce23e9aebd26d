"""The persons, computed anew around the registrations of which something was judged."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.events import Happened
from services.beneficiaries.linkage import rules, store
from services.beneficiaries.linkage.rules import Case, Place
from services.beneficiaries.linkage.store import Clusters
from services.kit.audit import Entry
from services.kit.outbox import Event


class Moved(NamedTuple):
    """Where a registration stood, and where it stands now."""

    agency: str
    before: Place
    after: Place


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Where everybody stands now around some registrations, not written yet.

    `moves` counts a registration's moves: whoever hears of two knows which came later.
    """

    moved: Sequence[Moved]
    cases: Sequence[Case]
    moves: Mapping[UUID, int]

    def own(self) -> dict[UUID, UUID]:
        """Give the registration by which each one's own agency knows its person."""
        return {one.after.registration: one.after.own for one in self.moved}


async def regroup(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> Sequence[Moved]:
    """Compute the persons around these registrations; open what contradicts itself."""
    found = regrouped(await store.clusters(connection, registrations))
    await settle(connection, found)
    return found.moved


def regrouped(clusters: Clusters) -> Regrouped:
    members, before, judged, moves = clusters
    moved = [
        Moved(member.agency, before[place.registration], place)
        for member, place in zip(members, rules.places(members, judged), strict=True)
    ]
    return Regrouped(moved, rules.cases(members, judged), moves)


async def settle(
    connection: asyncpg.Connection,
    found: Regrouped,
    told: Sequence[Event] = (),
    entries: Sequence[Entry] = (),
) -> None:
    """Write where everybody stands now, what else is told, and what is put on record.

    Whoever holds a person key hears of those that moved, in the same transaction.
    """
    places = [one.after for one in found.moved]
    heard = [*events(found.moved, found.moves), *told]
    await store.settle(connection, places, found.cases, heard, entries)


def events(moved: Sequence[Moved], moves: Mapping[UUID, int]) -> Iterator[Event]:
    """Tell the services who moved, and an agency whom it knows otherwise now."""
    parted = _parted(moved)
    for agency, before, after in moved:
        registration = after.registration
        if (before.person, before.contested) != (after.person, after.contested):
            split = before.person in parted or after.contested
            about = {
                "agency": agency,
                "before": str(before.person),
                "person": str(after.person),
                "contested": after.contested,
                "moves": moves[registration] + 1,
            }
            happened = Happened.SPLIT if split else Happened.MERGED
            yield Event(happened, registration, None, about)
        if before.own != after.own:
            yield Event(Happened.REGROUPED, registration, agency)


def _parted(moved: Sequence[Moved]) -> set[UUID]:
    """Find the persons whose registrations no longer stand together."""
    became = defaultdict[UUID, set[UUID]](set)
    for _, before, after in moved:
        became[before.person].add(after.person)
    return {person for person, now in became.items() if len(now) > 1}
