"""Moving registrations to the newest scheme of match keys, some at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import store
from services.beneficiaries.linkage.actions import Linked, Matcher, Newcomer, opening
from services.beneficiaries.linkage.census import Renamed
from services.beneficiaries.linkage.keys import SCHEME
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.persons import regrouped, settle
from services.beneficiaries.linkage.store import Found
from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.particulars import Particulars
from services.kit.arrays import transposed
from services.kit.callers import Caller
from services.kit.purposes import Purpose
from services.kit.sealing import DataKey, Personal, Place

ONCE = 200
OUTDATED = """
select t.registration, t.traits, m.since, v.id as version, v.personal, v.recorded_at
from trait t
join membership m on m.registration = t.registration
join registration r on r.id = t.registration
join registration_version v on v.registration = r.id and v.number = r.version
where t.agency = $1 and t.scheme < $2
order by t.registration limit $3 for update of t skip locked
"""
JUDGED = "select * from linkage.judged($1, $2)"
OUTLIVE = "select * from linkage.outlive($1, $2, $3, $4, $5)"
OUTDATED_COUNT = "select count(*) from trait where agency = $1 and scheme < $2"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step has done: `left` is what is of an old scheme.

    `found` counts pairs of the caller's own alone: others' are no business of its.
    """

    moved: int
    found: int
    left: int


async def step(
    matcher: Matcher, connection: asyncpg.Connection, caller: Caller, request: UUID
) -> Step:
    """Fold anew what was recorded, with keys of the newest scheme; repeat until none.

    Whoever was linked by the old folds is compared anew, once both have moved. A killed
    step has moved nothing; the next begins where the last one committed.
    """
    rows = await outdated(connection, caller, SCHEME, ONCE)
    keys = await matcher.keyring.fetch(row["registration"] for row in rows)
    rows = [row for row in rows if row["registration"] in keys]
    moved = [_moved(matcher, row, keys[row["registration"]]) for row in rows]
    await store.lock(connection, (key for one in moved for key in one.match_keys))
    await store.change(connection, caller, SCHEME, [one.entered() for one in moved])
    await matcher.census.rename(connection, list(map(_renamed, rows, moved)))
    found, others, around = await _compared(matcher, connection, caller, moved)
    opened = {*(one.registration for one in moved), *others}
    purpose = Purpose.LINKAGE
    entry = opening(caller, request, "linkage:rekey", purpose, sorted(opened))
    await settle(connection, around, entries=[entry])
    left = await outdated_count(connection, caller, SCHEME)
    return Step(len(moved), sum(one.own for one in found), left)


async def _compared(
    matcher: Matcher,
    connection: asyncpg.Connection,
    caller: Caller,
    moved: Sequence[Newcomer],
) -> Linked:
    """Keep what is found by the new folds, and end what was found by the old alone."""
    ids = [one.registration for one in moved]
    met = await store.candidates(connection, ids)
    before = await judged(connection, ids, SCHEME)
    found, opened = await matcher.compare(caller, moved, [*met, *before])
    parted = await outlive(connection, ids, SCHEME, found)
    return Linked(
        found, opened, regrouped(await store.judge(connection, found, parted))
    )


def _moved(matcher: Matcher, row: asyncpg.Record, key: DataKey) -> Newcomer:
    place = Place("registration_version", "personal", row["version"])
    opened = json.loads(key.open(Personal(row["personal"]), place))
    opened.pop("source_id")
    on = row["recorded_at"].date()
    traits = traits_of(Particulars.model_validate(opened), on)
    return Newcomer(row["registration"], traits, matcher.keys(traits), key)


def _renamed(row: asyncpg.Record, moved: Newcomer) -> Renamed:
    place = traits_place(moved.registration)
    before = Traits.from_bytes(moved.key.open(Personal(row["traits"]), place))
    return Renamed(row["since"], before, moved.traits)


async def outdated(
    connection: asyncpg.Connection, caller: Caller, scheme: int, most: int
) -> Sequence[asyncpg.Record]:
    """Give some of the caller's registrations whose keys are of an older scheme."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        OUTDATED, caller.agency, scheme, most
    )
    return rows


async def outdated_count(
    connection: asyncpg.Connection, caller: Caller, scheme: int
) -> int:
    count: int = await connection.fetchval(OUTDATED_COUNT, caller.agency, scheme)
    return count


async def judged(
    connection: asyncpg.Connection, registrations: Sequence[UUID], scheme: int
) -> Sequence[asyncpg.Record]:
    """Give, like candidates, with whom the matcher had judged these; both moved."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        JUDGED, registrations, scheme
    )
    return rows


async def outlive(
    connection: asyncpg.Connection,
    registrations: Sequence[UUID],
    scheme: int,
    found: Sequence[Found],
) -> list[UUID]:
    """End what the matcher had found of moved pairs and no longer finds; give whose."""
    columns = transposed([(one.low, one.high, one.verdict) for one in found], 3)
    rows = await connection.fetch(OUTLIVE, registrations, scheme, *columns)
    return [row[0] for row in rows]
