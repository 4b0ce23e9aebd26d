"""Every query of imports. Nothing is read or written without saying for whom."""

import json
from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.imports.models import Import
from services.beneficiaries.imports.rules import State
from services.kit.callers import Caller
from services.kit.refusals import NotFound

BEGIN = """
insert into import (id, agency, caller, request, kind, charset, mapping, state)
values ($1, $2, $3, $4, $5, $6, $7, 'arriving')
"""
PIECE = "select sealed from import_piece where import = $1 and number = $2"
SAVE_PIECE = """
insert into import_piece (import, number, agency, sealed) values ($1, $2, $3, $4)
"""
ONE_AT_A_TIME = "select pg_advisory_xact_lock($1)"
SAME = """
select id from import where agency = $1 and digest = $2
and state not in ('refused', 'cancelled')
"""
HOLD = "select * from import where agency = $1 and id = $2 for update"
MOVE = """
update import set state = $3, reason = coalesce($4, reason),
    started_at = coalesce(started_at, case when $3 = 'checked' then now() end),
    finished_at = case when $3 in ('accepted', 'refused', 'cancelled') then now() end
where agency = $1 and id = $2
"""
RECEIVED = "update import set digest = $3, size = $4 where agency = $1 and id = $2"
HEADERS = """
update import set headers = $3, started_at = coalesce(started_at, now())
where agency = $1 and id = $2
"""
FETCHED = """
update import set fetched_at = coalesce(fetched_at, now())
where agency = $1 and id = $2
"""
EMPTY = "delete from {table} where agency = $1 and import = $2"
SEALED = ("import_piece", "import_batch", "import_refusal")
DESTROYED = """
update import set headers = null, destroyed_at = coalesce(destroyed_at, now())
where agency = $1 and id = $2
"""


async def begin(  # noqa: PLR0913 -- all that is known before the first byte
    connection: asyncpg.Connection,
    caller: Caller,
    request: UUID,
    key: UUID,
    kind: str,
    charset: str | None,
    mapping: dict[str, str],
) -> None:
    who, mapped = json.dumps(caller.claims()), json.dumps(mapping)
    values = (key, caller.agency, who, request, kind, charset, mapped)
    await connection.execute(BEGIN, *values)


async def save_piece(
    connection: asyncpg.Connection, caller: Caller, key: UUID, number: int, piece: bytes
) -> None:
    await connection.execute(SAVE_PIECE, key, number, caller.agency, piece)


async def piece(connection: asyncpg.Connection, key: UUID, number: int) -> bytes:
    found: bytes = await connection.fetchval(PIECE, key, number)
    return found


async def same(
    connection: asyncpg.Connection, caller: Caller, digest: bytes
) -> UUID | None:
    """Find the import of the same file, once nobody else can be entering it."""
    lock = int.from_bytes(digest[:8], signed=True)
    await connection.execute(ONE_AT_A_TIME, lock)
    found: UUID | None = await connection.fetchval(SAME, caller.agency, digest)
    return found


async def received(
    connection: asyncpg.Connection, caller: Caller, key: UUID, digest: bytes, size: int
) -> None:
    await connection.execute(RECEIVED, caller.agency, key, digest, size)


async def hold(
    connection: asyncpg.Connection, caller: Caller, key: UUID
) -> asyncpg.Record:
    """Find one of the caller's imports; nobody else moves it until the commit."""
    if (row := await connection.fetchrow(HOLD, caller.agency, key)) is None:
        raise NotFound
    return row


async def move(
    connection: asyncpg.Connection,
    caller: Caller,
    key: UUID,
    to: State,
    reason: str | None = None,
) -> None:
    await connection.execute(MOVE, caller.agency, key, to, reason)


async def keep_headers(
    connection: asyncpg.Connection, caller: Caller, key: UUID, sealed: bytes
) -> None:
    await connection.execute(HEADERS, caller.agency, key, sealed)


async def fetched(connection: asyncpg.Connection, caller: Caller, key: UUID) -> None:
    await connection.execute(FETCHED, caller.agency, key)


async def empty(
    connection: asyncpg.Connection, caller: Caller, key: UUID, *tables: str
) -> None:
    """Delete the sealed parts; what is left is how the import went."""
    for table in tables:
        await connection.execute(EMPTY.format(table=table), caller.agency, key)


async def destroyed(connection: asyncpg.Connection, caller: Caller, key: UUID) -> None:
    await connection.execute(DESTROYED, caller.agency, key)


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Import:
    mine = select(Import).where(Import.agency == caller.agency)
    found = (await session.exec(mine.where(Import.id == key))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def page(
    session: AsyncSession, caller: Caller, before: UUID | None, limit: int
) -> Sequence[Import]:
    """Give the newest first."""
    mine = select(Import).where(Import.agency == caller.agency)
    wanted = mine.order_by(col(Import.id).desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(Import.id < before)
    return (await session.exec(wanted)).all()
