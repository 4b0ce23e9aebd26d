"""The persons, computed anew around the registrations of which something was judged."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import rules, store
from services.beneficiaries.linkage.rules import Place


class Moved(NamedTuple):
    """Where a registration stood, and where it stands now."""

    agency: str
    before: Place
    after: Place


async def regroup(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> list[Moved]:
    """Compute the persons around these registrations; open what contradicts itself."""
    members, before, judged = await store.clusters(connection, registrations)
    after = rules.places(members, judged)
    await store.settle(connection, after, rules.cases(members, judged))
    return [
        Moved(member.agency, before[place.registration], place)
        for member, place in zip(members, after, strict=True)
    ]
