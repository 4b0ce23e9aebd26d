"""The audit: who did what, written by the transaction that does it, chained afterwards.

An entry is inserted unchained, so it costs one row. `seal` then links the committed
ones in the order of their commits and signs a checkpoint, which every agency can fetch
and keep: whoever truncates or edits the table contradicts it. Nothing personal in it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.arrays import arrays, transposed
from services.kit.callers import Caller
from services.kit.refusals import Unauthenticated
from services.kit.tokens import Kind, Signer, Verifier

GENESIS = bytes(32)
START = (0, GENESIS, "0", 0)  # position, hash, and the entry to go on behind
ONCE = 5_000  # entries a round: a second's worth at the gateway's full speed
KEPT = timedelta(days=3650)

TYPES = ("uuid", *("text",) * 8, "uuid", "jsonb")
LAST = """
select l.position, l.hash,
       case when e.txid < pg_snapshot_xmin(pg_current_snapshot())
            then e.txid::text else '0' end as txid,
       e.id
from audit_link l join audit_entry e on e.id = l.entry order by l.position desc limit 1
"""
# Below the horizon every transaction has ended: nothing can commit before them now. A
# restored dump may stand on a younger server, whose numbers begin again below the last.
NEXT = """
select * from audit_entry
where (txid, id) > ($1::text::xid8, $2)
  and txid < pg_snapshot_xmin(pg_current_snapshot())
  and not exists (select from audit_link where entry = audit_entry.id)
order by txid, id limit $3
"""
LINK = """
insert into audit_link (position, entry, hash)
select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])
"""
CHECK = "insert into audit_checkpoint (position, hash, signed) values ($1, $2, $3)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of one caller; a caller of None is a stranger who was refused."""

    request: UUID
    act: str
    caller: Caller | None
    target: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def row(self) -> tuple[object, ...]:
        who = self.caller
        named: tuple[object, ...] = (None,) * 7
        if who is not None:
            roles = " ".join(who.roles)
            whom = (who.client, who.subject, who.agency, who.organisation)
            named = (*whom, roles, who.purpose, who.actor)
        return (self.request, *named, self.act, self.target, json.dumps(self.details))


def recording(first: int = 1) -> str:
    """Say in SQL that entries are written; `columns` are its arguments from `first`."""
    return f"""
    insert into audit_entry (request, client, subject, agency, organisation, roles,
                             purpose, actor, act, target, details)
    select * from unnest({arrays(first, TYPES)})
    """  # noqa: S608 -- made of types


def columns(entries: Iterable[Entry]) -> list[list[object]]:
    return transposed([entry.row() for entry in entries], len(TYPES))


async def record(connection: asyncpg.Connection, *entries: Entry) -> None:
    """Write entries in the connection's transaction: they commit with the act."""
    await connection.execute(INSERT, *columns(entries))


INSERT = recording()


async def driver(session: AsyncSession) -> asyncpg.Connection:
    """Give asyncpg's connection under a session, in the session's own transaction."""
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection


def canonical(entry: asyncpg.Record) -> bytes:
    """Write an entry as the one text that its hash is taken of."""
    values = {name: _plain(value) for name, value in entry.items()}
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def chain(previous: bytes, entries: Iterable[asyncpg.Record]) -> list[bytes]:
    """Hash each entry together with the hash before it."""
    hashes = []
    for entry in entries:
        previous = sha256(previous + canonical(entry)).digest()
        hashes.append(previous)
    return hashes


async def seal(pool: asyncpg.Pool, signer: Signer, database: str) -> int:
    """Link what has been committed since the last round; give how many entries.

    One sealer at a time per database: whoever does not get the lock leaves it be.
    """
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval("select pg_try_advisory_xact_lock(7)"):
            return 0
        position, end, *after = await connection.fetchrow(LAST) or START
        entries = await connection.fetch(NEXT, *after, ONCE)
        if not entries:
            return 0
        hashes = chain(end, entries)
        places = [position + step for step in range(1, len(entries) + 1)]
        await connection.execute(LINK, places, [row["id"] for row in entries], hashes)
        signed = checkpoint(signer, database, places[-1], hashes[-1])
        await connection.execute(CHECK, places[-1], hashes[-1], signed)
        return len(entries)


def checkpoint_of(database: str) -> Kind:
    return Kind(typ="checkpoint+jwt", issuer=database, audience="witness")


def checkpoint(signer: Signer, database: str, position: int, end: bytes) -> str:
    """Sign the end of the chain, as a token that anyone with the key can verify."""
    claims = {"sub": database, "position": position, "hash": end.hex()}
    return signer.sign(claims, checkpoint_of(database), KEPT)


async def broken(pool: asyncpg.Pool, verifier: Verifier | None = None) -> int | None:
    """Walk the whole chain; give the first position that does not hold, or None.

    Every checkpoint must agree with the chain and, given its verifier, be genuine:
    whoever edits an entry and hashes all anew still contradicts what was signed.
    """
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        previous, expected = GENESIS, 1
        async for row in connection.cursor(WALK):
            entry: dict[str, Any] = dict(row)
            position, end, kept, signed = (entry.pop(name) for name in LINKED)
            previous = sha256(previous + canonical(entry)).digest()
            holds = position == expected and end == previous and kept in (None, end)
            if not holds or not _genuine(verifier, signed, end):
                return expected
            expected += 1
        ended = await connection.fetchval("select max(position) from audit_checkpoint")
        return expected if (ended or 0) >= expected else None


def _genuine(verifier: Verifier | None, signed: str | None, end: bytes) -> bool:
    if verifier is None or signed is None:
        return True
    try:
        return bool(verifier.read(signed)["hash"] == end.hex())
    except Unauthenticated:
        return False


LINKED = ("position", "hash", "kept", "signed")
WALK = """
select e.*, l.position, l.hash, c.hash as kept, c.signed from audit_link l
left join audit_entry e on e.id = l.entry
left join audit_checkpoint c on c.position = l.position
order by l.position
"""
