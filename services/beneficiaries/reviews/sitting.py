"""A reviewer at work: what is judged comes in force here, and the persons follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.linkage.persons import Moved, regroup
from services.beneficiaries.linkage.rules import DESK
from services.beneficiaries.registry.rules import pairwise
from services.beneficiaries.reviews import store
from services.beneficiaries.reviews.models import Judgement, Review
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.columns import now


@dataclass(frozen=True, slots=True)
class Kept:
    """By which id the caller knew a registration's person, and by which it does now."""

    registration: UUID
    before: UUID
    after: UUID

    @property
    def kept(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a judgement in force, a review that is open, persons."""

    judgement: Judgement | None
    review: Review | None
    persons: Sequence[Kept] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who reviews, in the transaction of which request."""

    session: AsyncSession
    connection: asyncpg.Connection
    caller: Caller
    request: UUID
    master: bytes

    @classmethod
    async def of(
        cls, session: AsyncSession, caller: Caller, request: UUID, master: bytes
    ) -> "Sitting":
        return cls(session, await driver(session), caller, request, master)

    async def record(self, act: str, target: UUID, **about: object) -> None:
        entry = Entry(self.request, act, self.caller, target, about)
        await record(self.connection, entry)

    async def lock(self, low: UUID, high: UUID) -> None:
        """Wait for the persons before any row, in the order of whoever registers."""
        await linkage.clusters(self.connection, [low, high])

    async def put_in_force(
        self, made: Judgement, standing: Judgement | None, **about: object
    ) -> list[Kept]:
        """Let a judgement take the place of another, and regroup the persons."""
        if standing is not None:
            standing.superseded_at = now()
            made.supersedes = standing.id
            await self.session.flush()
        self.session.add(made)
        await self.session.flush()
        ends = [made.low, made.high]
        persons = await self._told(ends, await regroup(self.connection, ends))
        told = [[str(p.registration), str(p.before), str(p.after)] for p in persons]
        about |= {"verdict": made.verdict, "supersedes": str(made.supersedes)}
        await self.record("judgement:record", made.id, persons=told, **about)
        return persons

    async def _told(self, ends: list[UUID], moved: Sequence[Moved]) -> list[Kept]:
        """Tell of those whom the caller may know, by ids that are its own.

        An agency: its registrations, as its own judgements group them. The desk: those
        that it has judgements on.
        """
        mine = [one for one in moved if one.agency == self.caller.agency]
        if self.caller.agency != DESK:
            which = [(one, one.before.own, one.after.own) for one in mine]
        else:
            ids = [one.after.registration for one in moved]
            known = await store.known(self.connection, self.caller, ids)
            which = [
                (one, one.before.person, one.after.person)
                for one in moved
                if one.after.registration in known
            ]
        return [
            Kept(one.after.registration, self._outward(before), self._outward(after))
            for one, before, after in which
            if before != after or one.after.registration in ends
        ]

    def _outward(self, person: UUID) -> UUID:
        return pairwise(self.master, self.caller.agency, person)
