"""Every query of linkage; across agencies, through the window's functions only."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.rules import Case, Judged, Member, Place, Verdict
from services.beneficiaries.linkage.scoring import Fired
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.refusals import NotFound

MOST = 30  # candidates scored per registration, those with the rarest keys first

LOCK = "select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as locked (key)"
ENTER = """
with entered as (
    insert into trait (registration, agency, scheme, traits)
    select registration, $2, $3, traits
    from unnest($1::uuid[], $4::bytea[]) as new (registration, traits)
), joined as (
    insert into membership (registration, agency, component, person, own)
    select id, $2, id, id, id from unnest($1::uuid[]) as new (id)
)
insert into match_key (key, registration, agency)
select key, registration, $2
from unnest($5::bigint[], $6::uuid[]) as k (key, registration)
"""
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
CLUSTERS = "select * from linkage.clusters($1)"
JUDGEMENTS = "select * from linkage.judgements($1)"
JUDGE = "select linkage.judge($1, $2, $3, $4, $5, $6::jsonb[])"
SETTLE = "select linkage.settle($1, $2, $3, $4, $5, $6, $7, $8, $9)"
RETRACT = "select linkage.retract($1, $2)"
OWN = """
select registration, own from membership
where registration = any($1::uuid[]) and agency = $2
"""
PERSON = """
select person, contested from membership where registration = $1 and agency = $2
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
    """Connected registrations, where they stand, and the judgements between them."""

    members: list[Member]
    places: dict[UUID, Place]
    judged: list[Judged]


async def lock(connection: asyncpg.Connection, keys: Iterable[int]) -> None:
    """Wait for everyone who is recording somebody alike; sorted, so nobody deadlocks.

    All keys, not the strongest: near duplicates sent at one instant share only some.
    """
    await connection.execute(LOCK, sorted(set(keys)))


async def enter(
    connection: asyncpg.Connection, caller: Caller, scheme: int, new: Sequence[Entered]
) -> None:
    """Keep the traits and keys of new registrations of the caller."""
    await connection.execute(
        ENTER,
        [one.registration for one in new],
        caller.agency,
        scheme,
        [one.traits for one in new],
        *_keys(new),
    )


async def change(
    connection: asyncpg.Connection,
    caller: Caller,
    scheme: int,
    changed: Sequence[Entered],
) -> None:
    """Replace the traits and keys of registrations, corrected or of an older scheme."""
    ids = [one.registration for one in changed]
    await connection.execute(CHANGE, ids, scheme, [one.traits for one in changed])
    await connection.execute(REKEY, *_keys(changed), caller.agency)


def _keys(entered: Sequence[Entered]) -> tuple[list[int], list[UUID]]:
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


async def judge(connection: asyncpg.Connection, found: Sequence[Found]) -> None:
    await connection.execute(
        JUDGE,
        [new_id() for _ in found],
        [one.low for one in found],
        [one.high for one in found],
        [one.verdict for one in found],
        [one.weight for one in found],
        [json.dumps(one.evidence) for one in found],
    )


async def clusters(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> Clusters:
    """Give everyone connected with these and hold them until the transaction ends.

    Whoever joined them while this waited is held as well, until nobody new appears.
    """
    held: set[UUID] = set()
    while True:
        rows = await connection.fetch(CLUSTERS, registrations)
        if not (new := {row["component"] for row in rows} - held):
            break
        await lock(connection, (lock_of(component) for component in new))
        held |= new
    members = [Member(row["registration"], row["agency"], row["since"]) for row in rows]
    ids = [member.registration for member in members]
    judged = await connection.fetch(JUDGEMENTS, ids)
    return Clusters(
        members,
        {
            row["registration"]: Place(*(row[name] for name in Place._fields))
            for row in rows
        },
        [Judged(row["low"], row["high"], Verdict(row["verdict"])) for row in judged],
    )


def lock_of(id_: UUID) -> int:
    """Number an advisory lock by an id: its later half, where it is random."""
    return int.from_bytes(id_.bytes[8:], signed=True)


async def settle(
    connection: asyncpg.Connection, places: Sequence[Place], cases: Sequence[Case]
) -> None:
    """Write where everybody stands now; reviews close, open again or arise by it."""
    await connection.execute(
        SETTLE,
        *(list(column) for column in zip(*places, strict=True)),
        [new_id() for _ in cases],
        [one.low for one in cases],
        [one.high for one in cases],
        [one.audience for one in cases],
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
) -> tuple[UUID, bool]:
    """Give the internal person key of one of the caller's registrations."""
    if (row := await connection.fetchrow(PERSON, registration, caller.agency)) is None:
        raise NotFound
    return row["person"], row["contested"]
