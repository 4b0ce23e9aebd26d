"""How often one may ask about the same person: who probes is slowed down, and seen.

What is recorded for the first time is never counted: neither an agency's own system nor
an import waits for a limit. A form, at so many searches a minute, does not meet it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from services.kit.audit import Entry, record
from services.kit.callers import Authenticated, Caller, RequestId
from services.kit.database import Database
from services.kit.limits import Limit, TooOften


@dataclass(frozen=True)
class Probing:
    """Counts searches by client, and by agency what is sent again of one person.

    It asks before the request has a connection: a refusal takes its own to be recorded,
    and with two in one request as many requests as connections would wait for ever.
    """

    database: Database
    searches: Limit
    repeats: Limit

    @classmethod
    def of(cls, database: Database, searches: int, repeats: int) -> "Probing":
        return cls(database, Limit.a_minute(searches), Limit.an_hour(repeats))

    async def search(self, caller: Caller, request: UUID) -> None:
        await self._on_record(self.searches.count, caller, request, caller.client)

    async def correct(self, caller: Caller, request: UUID, key: UUID) -> None:
        await self._on_record(self.repeats.count, caller, request, caller.agency, key)

    async def refuse_repeating(
        self, caller: Caller, request: UUID, source_id: str
    ) -> None:
        """Refuse a source id that was sent too often; a new one is not counted."""
        about = caller.agency, source_id
        await self._on_record(self.repeats.check, caller, request, *about)

    def repeated(self, caller: Caller, source_id: str) -> None:
        self.repeats.allows(caller.agency, source_id)

    async def _on_record(
        self,
        asking: Callable[..., None],
        caller: Caller,
        request: UUID,
        *who: Hashable,
    ) -> None:
        """Let a limit decide; its refusal is put on record in its own transaction."""
        try:
            asking(*who)
        except TooOften:
            entry = Entry(request, "probing:refuse", caller)
            async with self.database.statements(caller.agency) as connection:
                await record(connection, entry)
            raise


async def limited(request: Request) -> Probing:
    found: Probing = request.app.state.probing
    return found


Limited = Annotated[Probing, Depends(limited)]


async def searching(
    caller: Authenticated, request: RequestId, probing: Limited
) -> None:
    await probing.search(caller, request)


async def correcting(
    key: UUID, caller: Authenticated, request: RequestId, probing: Limited
) -> None:
    await probing.correct(caller, request, key)
