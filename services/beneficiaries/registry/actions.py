"""Recording, correcting, opening: what the routes and imports share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.events import Happened, told
from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.linkage.actions import Matcher, opening
from services.beneficiaries.linkage.keys import SCHEME
from services.beneficiaries.linkage.persons import regroup
from services.beneficiaries.linkage.store import Found
from services.beneficiaries.registry import store
from services.beneficiaries.registry.drafts import Draft, Findings, Held, Receipt
from services.beneficiaries.registry.models import personal_place
from services.beneficiaries.registry.rules import (
    Content,
    OtherContent,
    OtherSource,
    Outcome,
    Withdrawn,
    pairwise,
)
from services.beneficiaries.registry.store import Shown
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller
from services.kit.outbox import publish
from services.kit.purposes import Purpose
from services.kit.refusals import NotFound, Refusal

HAPPENED = {
    "record": Happened.RECORDED,
    "correct": Happened.CORRECTED,
    "withdraw": Happened.WITHDRAWN,
    "erase": Happened.ERASED,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A registration with its content in the clear, for its own agency."""

    shown: Shown
    content: Content
    person: UUID


@dataclass(frozen=True, slots=True)
class Registrar:
    """What recording needs beside the database: the master key and the matcher."""

    master: bytes
    matcher: Matcher

    def draft(self, caller: Caller, content: Content) -> Draft:
        return Draft.of(content, caller, self.master, self.matcher)

    async def record(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        contents: Sequence[Content],
    ) -> list[Receipt | type[Refusal]]:
        """Record contents in one transaction; each gets its receipt or its refusal.

        The same content again, of any version, is unchanged; another one under a known
        source id is refused. Whoever looks alike is found before anyone else commits.
        """
        drafts = [self.draft(caller, content) for content in contents]
        locks = sorted({key for one in drafts for key in one.locks})
        sources = [one.source_digest for one in drafts]
        held = {
            row["source_digest"]: Held(row["id"], row["version"], row["digests"])
            for row in await store.known(connection, caller, locks, sources)
        }
        new = {one.source_digest: one for one in reversed(drafts)}
        fresh = [one for source, one in new.items() if source not in held]
        held |= await self._enter(connection, caller, request, fresh)
        known = [one.registration for one in held.values() if not one.alone]
        own = await linkage.own(connection, caller, known)
        return [
            self._receipt(caller, one, held[one.source_digest], own) for one in drafts
        ]

    async def _enter(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        drafts: Sequence[Draft],
    ) -> Mapping[bytes, Held]:
        """Write what is new, and find in the same transaction whom it resembles."""
        if not drafts:
            return {}
        reserved = await self.matcher.keyring.reserve(caller.agency, len(drafts))
        new = list(zip(drafts, reserved, strict=True))
        await store.insert(connection, caller, [one.written(*key) for one, key in new])
        newcomers = [one.newcomer(*key) for one, key in new]
        self.matcher.census.meet(one.traits for one in newcomers)
        sealed = [one.entered() for one in newcomers]
        met = await linkage.enter(connection, caller, SCHEME, sealed)
        found, opened = await self.matcher.link(connection, caller, newcomers, met)
        ids = [one.registration for one in newcomers]
        await put_on_record(connection, caller, request, "record", ids, opened)
        return {
            one.source_digest: Held(id_, 1, {one.digest}, one, own_findings(found, id_))
            for one, (id_, _) in new
        }

    def _receipt(
        self, caller: Caller, draft: Draft, held: Held, own: Mapping[UUID, UUID]
    ) -> Receipt | type[Refusal]:
        if draft.digest not in held.digests:
            return OtherContent
        outcome = Outcome.RECORDED if held.draft is draft else Outcome.UNCHANGED
        id_ = held.registration
        person = pairwise(self.master, caller.agency, own.get(id_, id_))
        return Receipt(held.registration, held.version, outcome, person, held.findings)

    async def correct(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        key: UUID,
        content: Content,
    ) -> Receipt:
        """Write a new version; what the matcher found of the old one is found anew."""
        draft = self.draft(caller, content)
        await linkage.lock(connection, draft.locks)
        held = await store.held(connection, caller, key)
        if held["withdrawn_at"] is not None:
            raise Withdrawn
        if held["source_digest"] != draft.source_digest:
            raise OtherSource
        if held["digest"] != draft.digest:
            return await self._replace(connection, caller, request, draft, held)
        own = await linkage.own(connection, caller, [key])
        person = pairwise(self.master, caller.agency, own[key])
        return Receipt(key, held["version"], Outcome.UNCHANGED, person)

    async def _replace(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        draft: Draft,
        held: asyncpg.Record,
    ) -> Receipt:
        key, number = held["id"], held["version"] + 1
        if (data_key := (await self.matcher.keyring.fetch([key])).get(key)) is None:
            raise NotFound
        written, newcomer = draft.written(key, data_key), draft.newcomer(key, data_key)
        await store.correct(connection, caller, number, written)
        alone = draft.traits.never_match
        parted = await linkage.retract(connection, [key], everything=alone)
        await linkage.change(connection, caller, SCHEME, [newcomer.entered()])
        found, opened = await self.matcher.link(connection, caller, [newcomer])
        await regroup(connection, [key, *parted])
        await put_on_record(connection, caller, request, "correct", [key], opened)
        own = await linkage.own(connection, caller, [key])
        person = pairwise(self.master, caller.agency, own[key])
        return Receipt(key, number, Outcome.RECORDED, person, own_findings(found, key))

    async def open(
        self,
        session: AsyncSession,
        caller: Caller,
        request: UUID,
        shown: Sequence[Shown],
    ) -> list[Opened]:
        """Open the caller's own registrations, on the record of the transaction."""
        ids = list({one.registration.id for one in shown})
        connection = await driver(session)
        keys = await self.matcher.keyring.fetch(ids)
        own = await linkage.own(connection, caller, ids)
        purpose = caller.purpose or Purpose.ASSISTANCE
        entry = opening(caller, request, "registration:open", purpose, ids)
        await record(connection, entry)
        return [
            Opened(
                one,
                Content.kept(
                    keys[one.registration.id].open(
                        one.version.personal, personal_place(one.version.id)
                    )
                ),
                pairwise(self.master, caller.agency, own[one.registration.id]),
            )
            for one in shown
            if one.registration.id in keys  # the others were erased
        ]


def own_findings(found: Iterable[Found], registration: UUID) -> Findings:
    """Keep what the caller may know: findings among its own registrations."""
    return tuple(
        (one.high if one.low == registration else one.low, one.verdict)
        for one in found
        if one.own and registration in (one.low, one.high)
    )


async def put_on_record(  # noqa: PLR0913 -- who did what to whom, and what it opened
    connection: asyncpg.Connection,
    caller: Caller,
    request: UUID,
    act: str,
    registrations: Sequence[UUID],
    opened: Sequence[UUID],
) -> None:
    """Write the act into the audit, and tell of it."""
    entries = [
        Entry(request, f"registration:{act}", caller, one) for one in registrations
    ]
    if opened:
        purpose = Purpose.LINKAGE
        entries.append(opening(caller, request, "linkage:open", purpose, opened))
    await record(connection, *entries)
    happened = HAPPENED[act]
    await publish(
        connection, *(e for r in registrations for e in told(happened, caller, r))
    )
