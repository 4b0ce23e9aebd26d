"""How far down the ranking of candidates somebody's other registrations stand.

    python -m bench.ranking [--people 1000000]

Of people whom a filled registry holds more than once: how many of the pairs that a
comparison finds are lost, if only so many candidates are compared.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import asyncpg

from bench.filling import AGENCIES, Target, content, fill, people
from bench.population import Record
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.scoring import Verdict, compare, verdict
from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.registry.rules import digests
from tests.house import house

DEEPEST = 60
COMPARED = (6, 8, 10, 12, 15, 20, 30, DEEPEST)
READ = 40_000  # registrations, of whose people those with several are asked for
BY_SOURCE = "select id from registration where agency = $1 and source_digest = $2"
RANKED = "select candidate from linkage.ranked($1, '{}', $2)"
Known = Sequence[tuple[Record, Traits]]


def several(registrations: int) -> list[Known]:
    """Give people with all their registrations, where there is more than one."""
    today = datetime.now(UTC).date()
    known = defaultdict[int, list[tuple[Record, Traits]]](list)
    for later, record in islice(people(registrations, 0), READ):
        if not later:
            folded = traits_of(record.particulars, today)
            known[record.person].append((record, folded))
    return [one for one in known.values() if len(one) > 1]


async def ranks(target: Target, persons: Sequence[Known]) -> AsyncIterator[int]:
    """Give the rank of each other registration that a comparison would find."""
    names = Frequencies.of(folded for one in persons for _, folded in one)
    registry = await asyncpg.connect(target.registry)
    await registry.execute("set enable_seqscan = off; set enable_bitmapscan = off")
    for (first, folded), *others in persons:
        own = await _id(registry, target, first)
        rows = await registry.fetch(RANKED, own, DEEPEST)
        met = {row["candidate"]: rank for rank, row in enumerate(rows)}
        for other, its in others:
            if verdict(compare(folded, its, names)) is not Verdict.NONE:
                yield met.get(await _id(registry, target, other), DEEPEST)
    await registry.close()


async def _id(registry: asyncpg.Connection, target: Target, record: Record) -> UUID:
    agency = AGENCIES[record.agency]
    source, _ = digests(target.master, agency, content(record, 0))
    found: UUID = await registry.fetchval(BY_SOURCE, agency, source)
    return found


async def measure(target: Target, registrations: int) -> None:
    await fill(target, registrations)
    persons = several(registrations)
    found = [rank async for rank in ranks(target, persons)]
    print(f"{registrations} registrations, {len(found)} pairs that would be found")
    for compared in COMPARED:
        lost = sum(rank >= compared for rank in found)
        print(
            f"  {compared:3} compared: {lost} lost, {1 - lost / len(found):.5f} found"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with house(only=("beneficiaries",)) as at:
        asyncio.run(measure(Target.of(at), chosen.people))


if __name__ == "__main__":
    main()
