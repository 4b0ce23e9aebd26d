"""What is done to an import as a whole: received, moved on, cancelled, destroyed."""

import hashlib
from asyncio import shield
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.beneficiaries.imports import store
from services.beneficiaries.imports.depot import Depot
from services.beneficiaries.imports.files import PIECE
from services.beneficiaries.imports.jobs import Job, enqueue
from services.beneficiaries.imports.models import piece_place
from services.beneficiaries.imports.rules import (
    ENDED,
    Destroyed,
    NotNow,
    State,
    step,
)
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.sealing import DataKey, derive

AFTER_FETCHING = timedelta(hours=1)  # a download that broke off can be repeated


@dataclass(frozen=True, slots=True)
class Sent:
    """What is said of a file before its first byte."""

    kind: str
    charset: str | None
    mapping: Mapping[str, str]

    def said(self) -> bytes:
        return repr((self.kind, self.charset, sorted(self.mapping.items()))).encode()


async def receive(
    depot: Depot, caller: Caller, request: UUID, sent: Sent, body: AsyncIterator[bytes]
) -> tuple[UUID, bool]:
    """Take a file in, sealed piece by piece; tell which import it is, and if a new one.

    The same file, read in the same way, is the import that it was before.
    """
    [(key, data_key)] = await depot.registrar.matcher.keyring.make(caller.agency, 1)
    async with depot.database.statements(caller.agency) as connection:
        await store.begin(
            connection,
            caller,
            request,
            key,
            sent.kind,
            sent.charset,
            dict(sent.mapping),
        )
        await enqueue(connection, caller, Job.DESTROY, key, depot.kept)
        await record(connection, Entry(request, "import:begin", caller, key))
    try:
        digest, size = await _save(depot, caller, sent, key, data_key, body)
    except BaseException:
        await shield(cancel(depot, caller, request, key))
        raise
    return await _received(depot, caller, request, key, digest, size)


async def _save(  # noqa: PLR0913 -- what is saved, for whom, under which key
    depot: Depot,
    caller: Caller,
    sent: Sent,
    key: UUID,
    data_key: DataKey,
    body: AsyncIterator[bytes],
) -> tuple[bytes, int]:
    """Save the pieces, each committed for itself: an upload may take its time."""
    secret = derive(depot.registrar.master, f"imports/{caller.agency}")
    digest = hashlib.blake2b(sent.said(), digest_size=32, key=secret)
    size = number = 0
    async for piece in pieces(body):
        digest.update(piece)
        sealed = data_key.seal(piece, piece_place(key, number))
        async with depot.database.statements(caller.agency) as connection:
            await store.save_piece(connection, caller, key, number, sealed)
        size, number = size + len(piece), number + 1
    return digest.digest(), size


async def pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Cut a stream into pieces of one length, but for the last."""
    waiting = bytearray()
    async for part in body:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


async def _received(  # noqa: PLR0913 -- who sent what, and how much of it
    depot: Depot, caller: Caller, request: UUID, key: UUID, digest: bytes, size: int
) -> tuple[UUID, bool]:
    async with depot.database.statements(caller.agency) as connection:
        if (same := await store.same(connection, caller, digest)) is not None:
            await _cancel(connection, caller, request, key)
            return same, False
        row = await store.hold(connection, caller, key)
        to = step(State(row["state"]), State.RECEIVED)
        await store.received(connection, caller, key, digest, size)
        await store.move(connection, caller, key, to)
        await enqueue(connection, caller, Job.WORK, key)
        await record(connection, Entry(request, "import:receive", caller, key))
    return key, True


async def release(
    connection: asyncpg.Connection, caller: Caller, request: UUID, key: UUID
) -> None:
    """Let a held import go on: somebody has looked and says that it is right."""
    row = await store.hold(connection, caller, key)
    if State(row["state"]) is not State.HELD:
        raise NotNow  # one that waits for its turn goes on without anybody
    await store.move(connection, caller, key, State.LINKED)
    await enqueue(connection, caller, Job.WORK, key)
    await record(connection, Entry(request, "import:release", caller, key))


async def cancel(depot: Depot, caller: Caller, request: UUID, key: UUID) -> None:
    async with depot.database.statements(caller.agency) as connection:
        await _cancel(connection, caller, request, key)


async def _cancel(
    connection: asyncpg.Connection, caller: Caller, request: UUID, key: UUID
) -> None:
    """End an import; rows that were recorded before it stay recorded."""
    row = await store.hold(connection, caller, key)
    to = step(State(row["state"]), State.CANCELLED)
    await store.move(connection, caller, key, to)
    await enqueue(connection, caller, Job.DESTROY, key)
    await record(connection, Entry(request, "import:cancel", caller, key))


async def fetch(
    connection: asyncpg.Connection, caller: Caller, request: UUID, key: UUID
) -> asyncpg.Record:
    """Put on record that refused rows are opened; soon after, they are destroyed."""
    row = await store.hold(connection, caller, key)
    if row["destroyed_at"] is not None:
        raise Destroyed
    if row["headers"] is None:
        raise NotNow  # nothing is read yet
    if State(row["state"]) in ENDED and row["fetched_at"] is None:
        await store.fetched(connection, caller, key)
        await enqueue(connection, caller, Job.DESTROY, key, AFTER_FETCHING)
    details = {"count": row["refused"]}
    entry = Entry(request, "import:open-refused", caller, key, details)
    await record(connection, entry)
    return row


async def destroy(depot: Depot, caller: Caller, request: UUID, key: UUID) -> None:
    """Destroy what an import holds of its file, and the key of it, for good."""
    async with depot.database.statements(caller.agency) as connection:
        row = await store.hold(connection, caller, key)
        if (state := State(row["state"])) not in ENDED:
            to = step(state, State.CANCELLED)
            await store.move(connection, caller, key, to)
        await store.empty(connection, caller, key, *store.SEALED)
        await store.destroyed(connection, caller, key)
        await record(connection, Entry(request, "import:destroy", caller, key))
    await depot.registrar.matcher.keyring.destroy([key])
