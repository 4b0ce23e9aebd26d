"""Queries on the rows of an import: the good in batches, the refused, the alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.beneficiaries.imports.likeness import Likeness
from services.kit.callers import Caller

READ = """
update import set rows = $3, refused = refused + $4, unreadable = unreadable + $5
where agency = $1 and id = $2
"""
BATCH = """
insert into import_batch (import, number, agency, contents, cells, rows, alike, own)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
REFUSAL = (
    "insert into import_refusal (id, import, agency, sealed) values ($1, $2, $3, $4)"
)
REFUSALS = """
select id, sealed from import_refusal
where agency = $1 and import = $2 and id > $3 order by id limit 10
"""
KNOWN = """
select source_digest from registration
where agency = $1 and source_digest = any($2::bytea[])
"""
# From the rarest to a thousand registrations a key: enough to find who has all of them.
ALIKE = """
select distinct number from (
    select a.number, hit.registration
    from unnest($2::bigint[], $3::bigint[], $4::int[]) as a (number, key, needed)
    cross join lateral (
        select m.registration from match_key m
        where m.key = a.key and m.agency = $1 limit 1000
    ) hit
    group by a.number, a.needed, hit.registration having count(*) = a.needed
) alike
"""
DUPLICATES = """
with told as (
    select t.* from import_batch b
    cross join lateral unnest(b.rows, b.alike, b.own) as t (row, number, own)
    where b.agency = $1 and b.import = $2
), counted as (
    select row, own or count(*) over (partition by number) > 1 as twice from told
)
update import set duplicates = (select count(distinct row) from counted where twice)
where agency = $1 and id = $2 returning duplicates
"""
NEXT_BATCH = """
select b.number, b.contents, b.cells from import_batch b
join import i on i.id = b.import
where b.agency = $1 and b.import = $2 and i.state = 'linked'
order by b.number limit 1 for update of b skip locked
"""
DONE = "delete from import_batch where agency = $1 and import = $2 and number = $3"
COUNT = """
update import set recorded = recorded + $3, unchanged = unchanged + $4,
    refused = refused + $5
where agency = $1 and id = $2
"""
LEFT = "select exists (select from import_batch where agency = $1 and import = $2)"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows as they wait to be recorded: sealed, with what they are alike in."""

    number: int
    contents: bytes
    cells: bytes
    alike: Sequence[tuple[int, int, bool]]


async def keep_batch(
    connection: asyncpg.Connection, caller: Caller, key: UUID, batch: Batch
) -> None:
    columns = [list(column) for column in zip(*batch.alike, strict=True)]
    values = (batch.contents, batch.cells, *(columns or ([], [], [])))
    await connection.execute(BATCH, key, batch.number, caller.agency, *values)


async def keep_refusal(
    connection: asyncpg.Connection, caller: Caller, key: UUID, id_: UUID, sealed: bytes
) -> None:
    await connection.execute(REFUSAL, id_, key, caller.agency, sealed)


async def count_read(  # noqa: PLR0913 -- what is counted
    connection: asyncpg.Connection,
    caller: Caller,
    key: UUID,
    rows: int,
    refused: int,
    unreadable: int,
) -> None:
    """Note how far the reading is: so many rows in all, and of these last ones."""
    await connection.execute(READ, caller.agency, key, rows, refused, unreadable)


async def known(
    connection: asyncpg.Connection, caller: Caller, sources: Sequence[bytes]
) -> set[bytes]:
    """Tell which source ids the caller has recorded already."""
    rows = await connection.fetch(KNOWN, caller.agency, sources)
    return {row["source_digest"] for row in rows}


async def alike(
    connection: asyncpg.Connection, caller: Caller, wanted: Sequence[Likeness]
) -> set[int]:
    """Tell which likenesses one of the caller's own registrations has as a whole."""
    rows = await connection.fetch(
        ALIKE,
        caller.agency,
        [one.number for one in wanted for _ in one.keys],
        [key for one in wanted for key in one.keys],
        [len(one.keys) for one in wanted for _ in one.keys],
    )
    return {row["number"] for row in rows}


async def count_duplicates(
    connection: asyncpg.Connection, caller: Caller, key: UUID
) -> int:
    counted: int = await connection.fetchval(DUPLICATES, caller.agency, key)
    return counted


async def next_batch(
    connection: asyncpg.Connection, caller: Caller, key: UUID
) -> asyncpg.Record | None:
    """Take a batch that nobody is at; committed or not, nobody takes it twice."""
    return await connection.fetchrow(NEXT_BATCH, caller.agency, key)


async def finish(  # noqa: PLR0913 -- what became of its rows
    connection: asyncpg.Connection,
    caller: Caller,
    key: UUID,
    number: int,
    recorded: int,
    unchanged: int,
    refused: int,
) -> None:
    await connection.execute(DONE, caller.agency, key, number)
    await connection.execute(COUNT, caller.agency, key, recorded, unchanged, refused)


async def left(connection: asyncpg.Connection, caller: Caller, key: UUID) -> bool:
    return bool(await connection.fetchval(LEFT, caller.agency, key))


async def refusals(
    connection: asyncpg.Connection, caller: Caller, key: UUID, after: UUID
) -> Sequence[asyncpg.Record]:
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        REFUSALS, caller.agency, key, after
    )
    return rows
