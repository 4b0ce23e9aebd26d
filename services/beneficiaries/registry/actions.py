"""Recording, correcting, opening: what the routes and imports share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.events import Happened, told
from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.linkage.actions import Linked, Matcher, opening
from services.beneficiaries.linkage.keys import SCHEME
from services.beneficiaries.linkage.persons import settle
from services.beneficiaries.linkage.store import Found
from services.beneficiaries.protection.keyring import Reserved
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
        drafts: Sequence[Draft],
    ) -> list[Receipt | type[Refusal]]:
        """Record drafts in one transaction; each gets its receipt or its refusal.

        The same content again, of any version, is unchanged; another one under a known
        source id is refused. Whoever looks alike is found before anyone else commits.
        """
        first = dict[bytes, Draft]()
        for one in drafts:
            first.setdefault(one.source_digest, one)
        reserved = await self.matcher.keyring.reserve(caller.agency, len(first))
        keys = dict(zip(first, reserved, strict=True))
        written = [first[source].written(*key) for source, key in keys.items()]
        rows = await store.enter(connection, caller, written)
        held = Held.known(row for row in rows if row["candidate"] is None)
        unused = [keys.pop(source) for source in held]
        self.matcher.keyring.give_back(caller.agency, unused)
        new = [(first[source], key) for source, key in keys.items()]
        met = [row for row in rows if row["candidate"] is not None]
        held |= await self._link(connection, caller, request, new, met)
        return [self._receipt(caller, one, held[one.source_digest]) for one in drafts]

    async def _link(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        new: Sequence[tuple[Draft, Reserved]],
        met: Sequence[asyncpg.Record],
    ) -> Mapping[bytes, Held]:
        """Find in the same transaction whom the newly entered resemble."""
        if not new:
            return {}
        newcomers = [one.newcomer(*key) for one, key in new]
        self.matcher.census.meet(one.traits for one in newcomers)
        linked = await self.matcher.link(connection, caller, newcomers, met)
        ids = [one.registration for one in newcomers]
        await put_on_record(connection, caller, request, "record", ids, linked)
        findings, own = own_findings(linked.found), linked.around.own()
        return {
            one.source_digest: Held(
                id_, 1, {one.digest}, own.get(id_, id_), one, findings.get(id_, ())
            )
            for one, (id_, _) in new
        }

    def _receipt(
        self, caller: Caller, draft: Draft, held: Held
    ) -> Receipt | type[Refusal]:
        if draft.digest not in held.digests:
            return OtherContent
        outcome = Outcome.RECORDED if held.draft is draft else Outcome.UNCHANGED
        person = pairwise(self.master, caller.agency, held.own)
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
        await linkage.change(connection, caller, SCHEME, [written.entered])
        met = await linkage.candidates(connection, [key])
        also = [key, *parted]
        linked = await self.matcher.link(connection, caller, [newcomer], met, also)
        await put_on_record(connection, caller, request, "correct", [key], linked)
        person = pairwise(self.master, caller.agency, linked.around.own()[key])
        findings = own_findings(linked.found).get(key, ())
        return Receipt(key, number, Outcome.RECORDED, person, findings)

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


def own_findings(found: Iterable[Found]) -> dict[UUID, Findings]:
    """Keep what the caller may know of each: findings among its own registrations."""
    findings = defaultdict[UUID, Findings](tuple)
    for one in found:
        if one.own:
            findings[one.low] += ((one.high, one.verdict),)
            findings[one.high] += ((one.low, one.verdict),)
    return findings


async def put_on_record(  # noqa: PLR0913 -- who did what to whom, and what came of it
    connection: asyncpg.Connection,
    caller: Caller,
    request: UUID,
    act: str,
    registrations: Sequence[UUID],
    linked: Linked,
) -> None:
    """Settle who is who now, write the act into the audit, and tell of it.

    Where nobody was opened it says so: everybody can count the entries of the audit.
    """
    entries = [
        *(Entry(request, f"registration:{act}", caller, one) for one in registrations),
        opening(caller, request, "linkage:open", Purpose.LINKAGE, linked.opened),
    ]
    happened = HAPPENED[act]
    heard = [event for one in registrations for event in told(happened, caller, one)]
    await settle(connection, linked.around, heard, entries)
