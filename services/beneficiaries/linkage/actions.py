"""Finding who is the same person, inside the transaction that records or judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import rules, scoring, store
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.linkage.store import Entered, Found
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.protection.rules import merkle_root
from services.kit.audit import Entry
from services.kit.callers import Caller
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


@dataclass(frozen=True, slots=True)
class Matcher:
    """What linkage needs beside the database: the data keys and the keys' secret."""

    keyring: Keyring
    secret: bytes

    @classmethod
    def of(cls, keyring: Keyring, master: bytes) -> "Matcher":
        return cls(keyring, derive(master, "match keys"))

    def keys(self, traits: Traits) -> tuple[int, ...]:
        return match_keys(traits, self.secret)

    async def link(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        newcomers: Sequence[Newcomer],
    ) -> tuple[list[Found], list[UUID]]:
        """Compare newcomers with their candidates, keep what was found, regroup.

        Gives the findings and the registrations whose traits were opened for it.
        """
        by_id = {one.registration: one for one in newcomers}
        rows = await store.candidates(connection, list(by_id))
        theirs = await self._open(rows)
        found = _judged(caller, by_id, rows, theirs)
        if found:
            await store.judge(connection, found)
        same = [one for one in found if one.verdict is Verdict.SAME]
        if ends := [end for one in same for end in (one.low, one.high)]:
            await regroup(connection, ends)
        return found, list(theirs)

    async def _open(self, rows: Sequence[asyncpg.Record]) -> dict[UUID, Traits]:
        sealed = {row["candidate"]: Personal(row["traits"]) for row in rows}
        if not sealed:
            return {}
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
) -> list[Found]:
    """Score each pair once, also where both are new."""
    pairs: dict[tuple[UUID, UUID], Found] = {}
    for row in rows:
        registration, candidate = row["registration"], row["candidate"]
        pair = rules.pair(registration, candidate)
        if pair in pairs or candidate not in theirs:
            continue
        finding = scoring.compare(newcomers[registration].traits, theirs[candidate])
        if (verdict := scoring.verdict(finding)) is not scoring.Verdict.NONE:
            evidence = finding.levels
            pairs[pair] = Found(
                *pair,
                Verdict(verdict),
                finding.weight,
                evidence,
                own=row["agency"] == caller.agency,
            )
    return list(pairs.values())


async def regroup(
    connection: asyncpg.Connection, registrations: Sequence[UUID]
) -> None:
    """Compute the persons anew around these registrations; open what contradicts."""
    members, before, judged = await store.clusters(connection, registrations)
    after = rules.places(members, judged)
    if changed := [place for place in after if before[place.registration] != place]:
        await store.assign(connection, changed)
    if contradictions := rules.contradictions(after, judged):
        agencies = {member.agency for member in members}
        heard = agencies.pop() if len(agencies) == 1 else rules.DESK
        await store.contradict(connection, [(one, heard) for one in contradictions])


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
