"""The second way: duplicates are counted, and what is not held is recorded."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.beneficiaries.imports import batches, store
from services.beneficiaries.imports.depot import Depot, packed, unpacked
from services.beneficiaries.imports.jobs import Job, enqueue
from services.beneficiaries.imports.models import (
    Import,
    cells_place,
    contents_place,
    refusal_place,
)
from services.beneficiaries.imports.rules import State, judged
from services.beneficiaries.registry.drafts import Draft, Receipt
from services.beneficiaries.registry.rules import Outcome
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.refusals import Refusal
from services.kit.sealing import DataKey

AT_ONCE = 4  # batches: the database writes some while another is scored


@dataclass(frozen=True, slots=True)
class Accepting:
    """One import whose rows are read: who sent it, and the key that opens them."""

    depot: Depot
    caller: Caller
    import_: Import
    data_key: DataKey

    @property
    def key(self) -> UUID:
        return self.import_.id

    async def link(self) -> None:
        """Count duplicates in the file and of the agency's own; hold, or go on."""
        async with self._statements() as connection:
            row = await store.hold(connection, self.caller, self.key)
            if State(row["state"]) is not State.CHECKED:
                return
            counted = await batches.count_duplicates(connection, self.caller, self.key)
            to = judged(row["rows"] - row["refused"], counted)
            await store.move(connection, self.caller, self.key, to)
            await self._record(connection, "link", duplicates=counted, state=to)

    async def run(self) -> None:
        """Record what waits; each batch goes with the transaction that records it."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work_off())
        await self._end()

    async def _work_off(self) -> None:
        more = True
        while more:
            try:
                more = await self._batch()
            except asyncpg.DeadlockDetectedError:
                continue  # two batches around the same persons: the other goes first

    async def _batch(self) -> bool:
        async with self._statements() as connection:
            batch = await batches.next_batch(connection, self.caller, self.key)
            if batch is None:
                return False
            place = contents_place(self.key, batch["number"])
            written = unpacked(self.data_key, place, batch["contents"])
            drafts = [Draft.waited(one) for one in written]
            receipts = await self.depot.registrar.record(
                connection, self.caller, self.import_.request, drafts
            )
            await self._finish(connection, batch, receipts)
        return True

    async def _finish(
        self,
        connection: asyncpg.Connection,
        batch: asyncpg.Record,
        receipts: list[Receipt | type[Refusal]],
    ) -> None:
        outcomes = [one.outcome for one in receipts if isinstance(one, Receipt)]
        refused = {
            at: one.__doc__ or ""
            for at, one in enumerate(receipts)
            if not isinstance(one, Receipt)
        }
        if refused:
            await self._set_aside(connection, batch, refused)
        counts = {
            "recorded": outcomes.count(Outcome.RECORDED),
            "unchanged": outcomes.count(Outcome.UNCHANGED),
            "refused": len(refused),
        }
        number = batch["number"]
        await batches.finish(connection, self.caller, self.key, number, **counts)
        await self._record(connection, "record", batch=number, **counts)

    async def _set_aside(
        self,
        connection: asyncpg.Connection,
        batch: asyncpg.Record,
        refused: dict[int, str],
    ) -> None:
        """Keep rows that the registry refuses as they stood in the file."""
        place, id_ = cells_place(self.key, batch["number"]), new_id()
        lines = unpacked(self.data_key, place, batch["cells"])
        told = [(lines[at][0], [why], lines[at][1]) for at, why in refused.items()]
        sealed = packed(self.data_key, refusal_place(id_), told)
        await batches.keep_refusal(connection, self.caller, self.key, id_, sealed)

    async def _end(self) -> None:
        """Say that all is recorded; without refused rows the file is needed no more."""
        async with self._statements() as connection:
            row = await store.hold(connection, self.caller, self.key)
            if State(row["state"]) is not State.LINKED:
                return
            if await batches.left(connection, self.caller, self.key):
                return  # another worker is at the last ones, and will come here too
            await store.move(connection, self.caller, self.key, State.ACCEPTED)
            if not row["refused"]:
                await enqueue(connection, self.caller, Job.DESTROY, self.key)
            await self._record(connection, "accept")

    async def _record(
        self,
        connection: asyncpg.Connection,
        act: str,
        **details: Any,  # noqa: ANN401 -- what the audit's JSON takes
    ) -> None:
        request, act = self.import_.request, f"import:{act}"
        await record(connection, Entry(request, act, self.caller, self.key, details))

    def _statements(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        return self.depot.database.statements(self.caller.agency)
