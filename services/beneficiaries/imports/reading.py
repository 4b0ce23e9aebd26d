"""The first way through a file: every row is read, and the bad ones are set aside."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import asyncpg

from services.beneficiaries.imports import batches, store
from services.beneficiaries.imports.batches import Batch
from services.beneficiaries.imports.cells import members_of
from services.beneficiaries.imports.depot import Depot, packed
from services.beneficiaries.imports.files import SealedFile, Unreached
from services.beneficiaries.imports.formats import DAMAGED, READERS, Line, Sheet
from services.beneficiaries.imports.headers import resolve
from services.beneficiaries.imports.models import (
    Import,
    cells_place,
    contents_place,
    headers_place,
    piece_place,
    refusal_place,
)
from services.beneficiaries.imports.rules import MOST_ROWS, State, Unreadable
from services.beneficiaries.imports.understanding import Read, Understanding
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.sealing import DataKey, Personal

DAMAGE = "The file is damaged, or not of the kind that it was said to be."
TOO_MANY = "The file has more than a million rows; send it in parts."
ROWS = 25  # a batch, recorded in one transaction; small ones seldom share a match key


class Overtaken(Exception):  # noqa: N818 -- another worker is at it: this one leaves
    """The import is no longer where this worker took it up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One import on its way through: who sent it, and the key that opens it."""

    depot: Depot
    caller: Caller
    import_: Import
    data_key: DataKey

    @property
    def key(self) -> UUID:
        return self.import_.id

    async def run(self) -> None:
        """Read what is not read yet; refuse a file that cannot be read at all."""
        try:
            await self._read()
        except Unreadable as cause:
            await self._refuse(str(cause), cause.headers)

    async def _read(self) -> None:
        sheet = await asyncio.to_thread(self._open, self._pieces())
        mapping, today = self.import_.mapping, datetime.now(UTC).date()
        fields, members = resolve(sheet.headers, mapping), members_of(mapping)
        await self._keep_headers(sheet.headers)
        understanding = Understanding(
            self.depot.registrar, self.caller, fields, members, today
        )
        start = self.import_.rows
        lines = islice(sheet.rows, start, None)

        def take(at: int) -> Read:
            return understanding.read(at, taken(lines, at))

        reading = asyncio.create_task(asyncio.to_thread(take, start))
        while (read := await reading).rows:
            reading = asyncio.create_task(asyncio.to_thread(take, start + read.rows))
            await self._keep(start, read)  # the next are being read meanwhile
            start += read.rows
        await self._end(start)

    def _pieces(self) -> Callable[[int], bytes]:
        """Let the thread that reads ask the loop, which has the connections."""
        loop = asyncio.get_running_loop()

        def piece(number: int) -> bytes:
            fetching = asyncio.run_coroutine_threadsafe(self._piece(number), loop)
            try:
                return fetching.result()
            except OSError as hindrance:
                raise Unreached from hindrance

        return piece

    async def _piece(self, number: int) -> bytes:
        async with self._statements() as connection:
            sealed = await store.piece(connection, self.key, number)
        return self.data_key.open(Personal(sealed), piece_place(self.key, number))

    def _open(self, piece: Callable[[int], bytes]) -> Sheet:
        file = SealedFile(self.import_.size, piece).buffered()
        try:
            return READERS[self.import_.kind](file, self.import_.charset)
        except DAMAGED as cause:
            raise Unreadable(DAMAGE) from cause

    async def _keep(self, start: int, read: Read) -> None:
        """Write some rows and how far the reading is, in one transaction."""
        async with self._statements() as connection:
            await self._expect(connection, start)
            if read.good:
                batch = await self._batch(connection, start, read)
                await batches.keep_batch(connection, self.caller, self.key, batch)
            if read.bad:
                id_ = new_id()
                sealed = packed(self.data_key, refusal_place(id_), read.bad)
                await batches.keep_refusal(
                    connection, self.caller, self.key, id_, sealed
                )
            counts = (start + read.rows, len(read.bad), read.unreadable)
            await batches.count_read(connection, self.caller, self.key, *counts)

    async def _batch(
        self, connection: asyncpg.Connection, number: int, read: Read
    ) -> Batch:
        """Seal rows, and note which are like a registration that the agency has.

        What is there already under its source id is no duplicate of itself.
        """
        sources = [one.draft.source_digest for one in read.good]
        known = await batches.known(connection, self.caller, sources)
        new = [one for one in read.good if one.draft.source_digest not in known]
        wanted = [like for one in new for like in one.alike]
        alike = await batches.alike(connection, self.caller, wanted)
        contents = [one.draft.waiting() for one in read.good]
        cells = [one.line for one in read.good]
        return Batch(
            number,
            packed(self.data_key, contents_place(self.key, number), contents),
            packed(self.data_key, cells_place(self.key, number), cells),
            [
                (one.row, like.number, like.number in alike)
                for one in new
                for like in one.alike
            ],
        )

    async def _expect(self, connection: asyncpg.Connection, rows: int) -> None:
        """Hold the import, and leave it to whoever has read further, or ended it."""
        row = await store.hold(connection, self.caller, self.key)
        if row["rows"] != rows or State(row["state"]) is not State.RECEIVED:
            raise Overtaken

    async def _keep_headers(self, headers: Sequence[str]) -> None:
        sealed = packed(self.data_key, headers_place(self.key), headers)
        async with self._statements() as connection:
            await store.keep_headers(connection, self.caller, self.key, sealed)

    async def _end(self, rows: int) -> None:
        async with self._statements() as connection:
            await self._expect(connection, rows)
            await store.move(connection, self.caller, self.key, State.CHECKED)
            await store.empty(connection, self.caller, self.key, "import_piece")
            await self._record(connection, "import:check", rows)

    async def _refuse(self, reason: str, headers: Sequence[str]) -> None:
        sealed = packed(self.data_key, headers_place(self.key), headers)
        async with self._statements() as connection:
            row = await store.hold(connection, self.caller, self.key)
            if State(row["state"]) is not State.RECEIVED:
                raise Overtaken
            await store.keep_headers(connection, self.caller, self.key, sealed)
            refused = State.REFUSED
            await store.move(connection, self.caller, self.key, refused, reason)
            await store.empty(connection, self.caller, self.key, *store.SEALED)
            await self._record(connection, "import:refuse", row["rows"])

    async def _record(
        self, connection: asyncpg.Connection, act: str, rows: int
    ) -> None:
        request = self.import_.request
        await record(
            connection, Entry(request, act, self.caller, self.key, {"rows": rows})
        )

    def _statements(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        return self.depot.database.statements(self.caller.agency)


def taken(lines: Iterator[Line], at: int) -> list[Line]:
    """Take the next rows, or say why the file cannot be read any further."""
    try:
        some = list(islice(lines, ROWS))
    except DAMAGED as cause:
        raise Unreadable(DAMAGE) from cause
    if at + len(some) > MOST_ROWS:
        raise Unreadable(TOO_MANY)
    return some
