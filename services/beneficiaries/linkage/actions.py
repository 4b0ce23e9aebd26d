"""Finding who is the same person, inside the transaction that records or judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import rules, scoring, store
from services.beneficiaries.linkage.census import COUNTER, Census
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.persons import Regrouped, regrouped
from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.linkage.store import Entered, Found
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.protection.keyring import Keyring
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.openings import merkle_root
from services.kit.purposes import Purpose
from services.kit.sealing import DataKey, Personal, derive

CODE = version("uramost")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A registration that is being entered or changed, with its data key."""

    registration: UUID
    traits: Traits
    match_keys: tuple[int, ...]
    key: DataKey

    def entered(self) -> Entered:
        place = traits_place(self.registration)
        sealed = self.key.seal(self.traits.to_bytes(), place)
        return Entered(self.registration, sealed, self.match_keys)


class Linked(NamedTuple):
    """What was found of newcomers, whose traits were opened for it, who is joined."""

    found: list[Found]
    opened: list[UUID]
    around: Regrouped


@dataclass(frozen=True, slots=True)
class Matcher:
    """What linkage needs beside the database: keys, their secret, and the census."""

    keyring: Keyring
    secret: bytes
    census: Census

    @classmethod
    def of(cls, keyring: Keyring, master: bytes) -> "Matcher":
        return cls(keyring, derive(master, "match keys"), Census.of(master))

    def keys(self, traits: Traits) -> tuple[int, ...]:
        return match_keys(traits, self.secret)

    async def link(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        newcomers: Sequence[Newcomer],
        met: Sequence[asyncpg.Record],
        also: Sequence[UUID] = (),
    ) -> Linked:
        """Compare newcomers with whom they met, keep what is found, hold whom it joins.

        As many statements whoever was met, so that their number tells nothing of it.
        """
        found, opened = await self.compare(caller, newcomers, met)
        around = regrouped(await store.judge(connection, found, also))
        return Linked(found, opened, around)

    async def compare(
        self,
        caller: Caller,
        newcomers: Sequence[Newcomer],
        met: Sequence[asyncpg.Record],
    ) -> tuple[list[Found], list[UUID]]:
        """Give what is found of newcomers and whom they met, and who was opened."""
        theirs = await self._open(met)
        by_id = {one.registration: one for one in newcomers}
        return _judged(caller, by_id, met, theirs, self.census.names), list(theirs)

    async def count(self, connection: asyncpg.Connection) -> bool:
        """Take some of the newly entered into the census; whether there were any."""
        opened = await self.census.count(connection, self.keyring)
        if opened:
            act, purpose = "linkage:count", Purpose.LINKAGE
            await record(connection, opening(COUNTER, new_id(), act, purpose, opened))
        return bool(opened)

    async def _open(self, rows: Sequence[asyncpg.Record]) -> dict[UUID, Traits]:
        sealed = {row["candidate"]: Personal(row["traits"]) for row in rows}
        keys = await self.keyring.fetch(sealed)
        return {
            id_: Traits.from_bytes(key.open(sealed[id_], traits_place(id_)))
            for id_, key in keys.items()
        }


def _judged(
    caller: Caller,
    newcomers: Mapping[UUID, Newcomer],
    rows: Sequence[asyncpg.Record],
    theirs: Mapping[UUID, Traits],
    names: Frequencies,
) -> list[Found]:
    """Score each pair once, also where both are new."""
    pairs: dict[tuple[UUID, UUID], Found] = {}
    for row in rows:
        registration, candidate = row["registration"], row["candidate"]
        pair = rules.pair(registration, candidate)
        if pair in pairs or candidate not in theirs:
            continue
        mine = newcomers[registration].traits
        if finding := scoring.alike(mine, theirs[candidate], names):
            pairs[pair] = Found(
                *pair,
                Verdict(scoring.verdict(finding)),
                finding.weight,
                finding.levels,
                own=row["agency"] == caller.agency,
            )
    return list(pairs.values())


def opening(
    caller: Caller, request: UUID, act: str, purpose: str, opened: Sequence[UUID]
) -> Entry:
    """Put many openings on the record at once: how many, whose (as a root), by what."""
    details = {
        "purpose": purpose,
        "code": CODE,
        "count": len(opened),
        "root": merkle_root(opened).hex(),
    }
    return Entry(request, act, caller, details=details)
