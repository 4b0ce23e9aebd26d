"""Every query of linkage; across agencies, through the window's functions only."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.rules import Case, Judged, Member, Place, Verdict
from services.beneficiaries.linkage.scoring import Fired
from services.kit import audit, outbox
from services.kit.arrays import transposed
from services.kit.audit import Entry
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.outbox import Event
from services.kit.refusals import NotFound

MOST = 12  # candidates scored per registration, those with the rarest keys first
HOLDERS = 40  # of one key that are looked at; migration 0010 says it to the database

LOCK = "select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as locked (key)"
CHANGE = """
with gone as (delete from match_key where registration = any($1::uuid[])),
changed as (
    update trait t set scheme = $2, traits = new.traits
    from unnest($1::uuid[], $3::bytea[]) as new (registration, traits)
    where t.registration = new.registration
)
select true
"""
REKEY = """
insert into match_key (key, registration, agency)
select key, registration, $3
from unnest($1::bigint[], $2::uuid[]) as k (key, registration)
"""
CANDIDATES = "select * from linkage.candidates($1, $2)"
HELD = "select * from linkage.held($1)"
JUDGE = "select * from linkage.judge($1, $2, $3, $4, $5, $6::jsonb[], $7)"
PLACED, CONTESTED = 5, 4  # columns of a place, and of a case with its id
# One statement: where everybody stands, what is told of it, who is on record for it.
SETTLE = f"""
with told as ({outbox.writing(PLACED + CONTESTED + 1)}),
recorded as ({audit.recording(PLACED + CONTESTED + len(outbox.TYPES) + 1)})
select linkage.settle($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
RETRACT = "select linkage.retract($1, $2)"
OWN = """
select registration, own from membership
where registration = any($1::uuid[]) and agency = $2
"""
OWN_OF = """
select other.registration from membership mine
join membership other on other.own = mine.own and other.agency = mine.agency
where mine.registration = $1 and mine.agency = $2
order by other.registration
"""
PERSON = """
select m.person, m.contested, m.moves
from membership m join registration r on r.id = m.registration
where m.registration = $1 and m.agency = $2 and r.erased_at is null
"""

Rows = Sequence[asyncpg.Record]


@dataclass(frozen=True, slots=True)
class Entered:
    """A registration as linkage keeps it: sealed traits and match keys."""

    registration: UUID
    traits: bytes
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the matcher found of a pair, to be kept as a judgement."""

    low: UUID
    high: UUID
    verdict: Verdict
    weight: float
    evidence: tuple[Fired, ...]
    own: bool  # of two registrations of the same agency, which may know of it


class Clusters(NamedTuple):
    """Connected registrations, where they stand, and the judgements between them.

    `moves` says how often each has moved from one person to another.
    """

    members: list[Member]
    places: dict[UUID, Place]
    judged: list[Judged]
    moves: dict[UUID, int]


async def lock(connection: asyncpg.Connection, keys: Iterable[int]) -> None:
    """Wait for everyone who is recording somebody alike; sorted, so nobody deadlocks.

    All keys, not the strongest: near duplicates sent at one instant share only some.
    """
    await connection.execute(LOCK, sorted(set(keys)))


async def change(
    connection: asyncpg.Connection,
    caller: Caller,
    scheme: int,
    changed: Sequence[Entered],
) -> None:
    """Replace the traits and keys of registrations, corrected or of an older scheme."""
    ids = [one.registration for one in changed]
    await connection.execute(CHANGE, ids, scheme, [one.traits for one in changed])
    await connection.execute(REKEY, *match_keys(changed), caller.agency)


def match_keys(entered: Iterable[Entered]) -> tuple[list[int], list[UUID]]:
    """Give every key of every registration, and whose it is."""
    rows = [(key, one.registration) for one in entered for key in one.keys]
    return [key for key, _ in rows], [registration for _, registration in rows]


async def candidates(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> Sequence[asyncpg.Record]:
    """Give `(registration, candidate, agency, traits, shared)`, sealed, to the scorer.

    Only for registrations that this very transaction has entered or changed.
    """
    rows: Rows = await connection.fetch(CANDIDATES, registrations, MOST)
    return rows


async def judge(
    connection: asyncpg.Connection, found: Sequence[Found], also: Sequence[UUID]
) -> Clusters:
    """Keep what was found; give whom it connects, held until the transaction ends.

    And whoever is connected with others besides. None found is asked like some.
    """
    rows = await connection.fetch(
        JUDGE,
        [new_id() for _ in found],
        [one.low for one in found],
        [one.high for one in found],
        [one.verdict for one in found],
        [one.weight for one in found],
        [json.dumps(one.evidence) for one in found],
        also,
    )
    return _clusters(rows)


async def clusters(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> Clusters:
    """Give everyone connected with these and hold them until the transaction ends."""
    return _clusters(await connection.fetch(HELD, registrations))


def _clusters(rows: Rows) -> Clusters:
    return Clusters(
        [Member(row["registration"], row["agency"], row["since"]) for row in rows],
        {
            row["registration"]: Place(*(row[name] for name in Place._fields))
            for row in rows
        },
        [
            Judged(row["registration"], other, verdict)
            for row in rows
            for verdict in (Verdict.SAME, Verdict.DIFFERENT)
            for other in row[verdict]
        ],
        {row["registration"]: row["moves"] for row in rows},
    )


async def settle(
    connection: asyncpg.Connection,
    places: Sequence[Place],
    cases: Sequence[Case],
    events: Sequence[Event],
    entries: Sequence[Entry],
) -> None:
    """Write where everybody stands now, with what is told and put on record of it.

    Reviews close, open again or arise by it.
    """
    await connection.execute(
        SETTLE,
        *transposed(places, PLACED),
        *transposed([(new_id(), *one) for one in cases], CONTESTED),
        *outbox.columns(events),
        *audit.columns(entries),
    )


async def retract(
    connection: asyncpg.Connection, registrations: Sequence[UUID], *, everything: bool
) -> list[UUID]:
    """Take back what was found of the caller's own, and give with whom.

    What the matcher found; or everything, where nothing may be matched any more.
    """
    rows = await connection.fetch(RETRACT, registrations, everything)
    return [row[0] for row in rows]


async def withdraw(connection: asyncpg.Connection, registration: UUID) -> None:
    await connection.execute("delete from trait where registration = $1", registration)


async def own(
    connection: asyncpg.Connection, caller: Caller, registrations: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Give the registration by which the caller's agency knows each person."""
    if not registrations:
        return {}
    rows = await connection.fetch(OWN, registrations, caller.agency)
    return {row["registration"]: row["own"] for row in rows}


async def person(
    connection: asyncpg.Connection, caller: Caller, registration: UUID
) -> asyncpg.Record:
    """Give the internal person key of one of the caller's registrations."""
    if (row := await connection.fetchrow(PERSON, registration, caller.agency)) is None:
        raise NotFound
    return row


async def own_of(
    connection: asyncpg.Connection, caller: Caller, registration: UUID
) -> list[UUID]:
    """Give the caller's registrations of one person, by its own judgements alone."""
    rows = await connection.fetch(OWN_OF, registration, caller.agency)
    if not rows:
        raise NotFound
    return [row["registration"] for row in rows]
