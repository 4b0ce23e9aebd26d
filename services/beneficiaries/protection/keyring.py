"""The keys of registrations, in a database of their own with short-lived backups.

The master key opens an agency's key once, in memory; an agency's key opens the data
keys of its registrations. Deleting a data key erases the registration everywhere.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

import asyncpg

from services.kit.ids import new_id
from services.kit.sealing import DataKey, Key, derive, new_key

RESERVE = (
    128  # data keys made ahead in one commit, so that a registration waits for none
)
AGENCY = "select wrapped from agency_key where agency = $1"
NEW_AGENCY = """
insert into agency_key (agency, wrapped) values ($1, $2) on conflict do nothing
"""
NEW_KEYS = """
insert into registration_key (registration, agency, wrapped)
select id, $2, wrapped from unnest($1::uuid[], $3::bytea[]) as new (id, wrapped)
"""
FETCH = """
select registration, agency, wrapped from registration_key
where registration = any($1::uuid[])
"""
Reserved = tuple[UUID, DataKey]
DESTROY = "delete from registration_key where registration = any($1::uuid[])"


class Keyring:
    """Makes and opens data keys; an id with its key is made before it is used."""

    def __init__(self, pool: asyncpg.Pool, master: bytes) -> None:
        self._pool = pool
        self._master = Key.of(derive(master, "agency keys"))
        self._agencies: dict[str, Key] = {}
        self._ready: dict[str, list[Reserved]] = {}

    async def reserve(self, agency: str, count: int) -> list[Reserved]:
        """Take ids with their keys; keys that nothing used open nothing."""
        ready = self._ready.setdefault(agency, [])
        if len(ready) < count:
            ready += await self.make(agency, max(RESERVE, count))
        taken, ready[:] = ready[:count], ready[count:]
        return taken

    def give_back(self, agency: str, unused: Iterable[Reserved]) -> None:
        """Keep for the next ones what sealed nothing that was written, oldest first."""
        self._ready[agency][:0] = unused

    async def fetch(self, registrations: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """Open the data keys of registrations; an erased one has none."""
        rows = await self._pool.fetch(FETCH, list(registrations))
        return {
            row["registration"]: (await self._agency(row["agency"])).unwrap(
                row["wrapped"], row["registration"].bytes
            )
            for row in rows
        }

    async def destroy(self, registrations: Iterable[UUID]) -> None:
        """Destroy data keys for good: what they sealed opens nowhere any more."""
        await self._pool.execute(DESTROY, list(registrations))

    async def make(self, agency: str, count: int) -> list[Reserved]:
        """Make ids with their keys now: such ids are in the order of their making."""
        above = await self._agency(agency)
        made = [(new_id(), new_key()) for _ in range(count)]
        wrapped = [above.wrap(raw, id_.bytes) for id_, raw in made]
        await self._pool.execute(NEW_KEYS, [id_ for id_, _ in made], agency, wrapped)
        return [(id_, DataKey.of(raw)) for id_, raw in made]

    async def _agency(self, agency: str) -> Key:
        if agency not in self._agencies:
            bound = agency.encode()
            fresh = self._master.wrap(new_key(), bound)
            await self._pool.execute(NEW_AGENCY, agency, fresh)
            wrapped = await self._pool.fetchval(AGENCY, agency)
            self._agencies[agency] = self._master.unwrap(wrapped, bound)
        return self._agencies[agency]
