"""The persons, computed anew around the registrations of which something was judged."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.events import Happened
from services.beneficiaries.linkage import rules, store
from services.beneficiaries.linkage.rules import Place
from services.kit.outbox import Event, publish


class Moved(NamedTuple):
    """Where a registration stood, and where it stands now."""

    agency: str
    before: Place
    after: Place


async def regroup(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> list[Moved]:
    """Compute the persons around these registrations; open what contradicts itself.

    Whoever holds a person key hears of those that moved, in the same transaction.
    """
    members, before, judged, moves = await store.clusters(connection, registrations)
    after = rules.places(members, judged)
    await store.settle(connection, after, rules.cases(members, judged))
    moved = [
        Moved(member.agency, before[place.registration], place)
        for member, place in zip(members, after, strict=True)
    ]
    await publish(connection, *events(moved, moves))
    return moved


def events(moved: Sequence[Moved], moves: Mapping[UUID, int]) -> Iterator[Event]:
    """Tell the services of each that moved, an agency of those it knows otherwise now.

    `moves` counts a registration's moves: whoever hears of two knows which came later.
    """
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
