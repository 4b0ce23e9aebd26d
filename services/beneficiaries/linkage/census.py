"""The census: how many bear each name, counted in memory, kept sealed between starts.

A count of names at rest would tell a thief who lives here; so it lies sealed, as one
whole, and each counting opens only who came since. That is a batch opening, on record.
What a process records itself it counts at once; the rest it learns at the next round.
"""

import asyncio
import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, Self
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.rules import DESK, MATCHER
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.protection.keyring import Keyring
from services.kit.callers import Caller
from services.kit.sealing import DataKey, Personal, Place, derive

ONCE = 20_000  # registrations opened in one transaction
SLICE = 200  # of them without letting others work meanwhile
PLACE = Place("name_count", "counts", UUID(int=0))
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
COUNTER = Caller(MATCHER, "census", DESK, frozenset())

ALONE = "select pg_try_advisory_xact_lock(8)"
WAIT = "select pg_advisory_xact_lock(8)"
KEPT = "select counts from name_count"
COUNTED_AT = "select counted_at from name_count"
KEEP = """
insert into name_count (counts) values ($1)
on conflict (single) do update set counts = excluded.counts, counted_at = now()
"""
ENTERED = "select * from linkage.entered($1, $2)"


class Counted(NamedTuple):
    """The names of everybody who was entered up to a moment."""

    names: Frequencies
    upto: datetime

    def to_bytes(self) -> bytes:
        told = [self.names.given, self.names.family, self.upto.isoformat()]
        return zlib.compress(json.dumps(told).encode())

    @classmethod
    def from_bytes(cls, plain: bytes) -> Self:
        given, family, upto = json.loads(zlib.decompress(plain))
        names = Frequencies(Counter(given), Counter(family))
        return cls(names, datetime.fromisoformat(upto))


class Renamed(NamedTuple):
    """Somebody who was entered at a moment, in the old folds and in the new ones."""

    since: datetime
    before: Traits
    after: Traits


@dataclass
class Census:
    """What is known of the names just now; comparisons ask it."""

    key: DataKey = field(repr=False)
    names: Frequencies = field(default_factory=Frequencies)
    known: datetime | None = None

    @classmethod
    def of(cls, master: bytes) -> Self:
        return cls(DataKey.of(derive(master, "name counts")))

    def meet(self, newcomers: Iterable[Traits]) -> None:
        for traits in newcomers:
            self.names.add(traits)

    async def learn(self, connection: asyncpg.Connection) -> None:
        """Take over what was counted, unless nothing was since."""
        at = await connection.fetchval(COUNTED_AT)
        if at is not None and at != self.known:
            self.names = (await self.load(connection)).names
            self.known = at

    async def load(self, connection: asyncpg.Connection) -> Counted:
        sealed = await connection.fetchval(KEPT)
        if sealed is None:
            return Counted(Frequencies(), BEGINNING)
        opened = await asyncio.to_thread(self.key.open, Personal(sealed), PLACE)
        return await asyncio.to_thread(Counted.from_bytes, opened)

    async def keep(self, connection: asyncpg.Connection, counted: Counted) -> None:
        plain = await asyncio.to_thread(counted.to_bytes)
        await connection.execute(KEEP, self.key.seal(plain, PLACE))

    async def rename(
        self, connection: asyncpg.Connection, renamed: Collection[Renamed]
    ) -> None:
        """Count those under their new folds who were counted under the old ones."""
        await connection.execute(WAIT)
        counted = await self.load(connection)
        for one in renamed:
            self.names.rename(one.before, one.after)
            if one.since <= counted.upto:
                counted.names.rename(one.before, one.after)
        if renamed:
            await self.keep(connection, counted)

    async def count(
        self, connection: asyncpg.Connection, keyring: Keyring
    ) -> Sequence[UUID]:
        """Count some who were entered since; give whom that opened, none at the end.

        One process at a time.
        """
        alone = await connection.fetchval(ALONE)
        counted = await self.load(connection)
        rows = await connection.fetch(ENTERED, counted.upto, ONCE) if alone else []
        opened: list[UUID] = []
        for at in range(0, len(rows), SLICE):
            opened += await _add(counted.names, keyring, rows[at : at + SLICE])
        if rows:
            await self.keep(connection, counted._replace(upto=rows[-1]["since"]))
        self.names = counted.names
        return opened


async def _add(
    names: Frequencies, keyring: Keyring, rows: Sequence[asyncpg.Record]
) -> list[UUID]:
    sealed = {row["registration"]: Personal(row["traits"]) for row in rows}
    keys = await keyring.fetch(sealed)
    for id_, key in keys.items():
        names.add(Traits.from_bytes(key.open(sealed[id_], traits_place(id_))))
    return list(keys)
