"""An application with all that is decided about it together, taken in one order.

Locks are always taken so: the call, its organisations, the application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.applications import store
from services.grants.applications.models import Application, Attempt
from services.grants.applications.rules import (
    ApplicationNotReady,
    Draft,
    NotComposed,
    digest_to_sign,
)
from services.grants.calls import store as calls
from services.grants.calls.composition import Facts, Obstacle, Party, Rule, broken
from services.grants.calls.models import Call
from services.grants.communities.facts import OrganisationFacts, facts
from services.grants.communities.vault import Vault
from services.grants.consortia import store as consortia
from services.grants.consortia.models import Member, Terms
from services.grants.consortia.rules import ConsortiumNotReady, Role, State
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller

RULES: Final[TypeAdapter[list[Rule]]] = TypeAdapter(list[Rule])


@dataclass(frozen=True, slots=True)
class Desk:
    """One request at work: who acts, in which transaction, with which keys."""

    session: AsyncSession
    caller: Caller
    request: UUID
    vault: Vault

    async def tell(self, act: str, about: UUID, **details: object) -> None:
        entry = Entry(self.request, act, self.caller, about, details)
        await record(await driver(self.session), entry)


@dataclass(frozen=True, slots=True)
class Case:
    """An application, its call, and the members under the terms in question."""

    application: Application
    call: Call
    terms: Terms
    members: Sequence[Member]

    @property
    def organisations(self) -> list[UUID]:
        return [one.organisation for one in self.members]

    def facts(
        self, known: Mapping[UUID, OrganisationFacts], ways: frozenset[Obstacle]
    ) -> Facts:
        parties = [
            Party(
                organisation=one.organisation,
                share=one.share,
                lead=one.role is Role.LEAD,
                kind=(of := known[one.organisation]).kind,
                municipality=of.municipality,
                led_by=of.led_by,
                serves=of.serves,
            )
            for one in self.members
        ]
        return Facts(parties, ways)


async def take(desk: Desk, key: UUID, *, in_force: bool) -> Case:
    """Wait for all who decide on the same, then take the application as it is.

    It is taken under the terms in force, or under those offered for signature.
    """
    session, caller = desk.session, desk.caller
    seen = await store.find(session, caller, key)
    if (under := seen.terms if in_force else seen.offered) is None:
        raise ConsortiumNotReady
    await calls.queue(session, caller, seen.call)
    members = await consortia.members(session, caller, [under])
    await store.queue(session, caller, [one.organisation for one in members])
    held = await store.find(session, caller, key, hold=True)
    if under != (held.terms if in_force else held.offered):
        raise ApplicationNotReady  # other terms were offered meanwhile
    call = await calls.find(session, caller, held.call)
    terms = await consortia.terms_of(session, caller, held.consortium, under)
    return Case(held, call, terms, members)


async def to_sign(desk: Desk, application: Application, terms: Terms) -> str:
    """Give the digest of the text that lies before the members now."""
    handed_in = await store.documents(desk.session, desk.caller, application.id)
    return digest_to_sign(
        application.id,
        application.call,
        terms.digest,
        Draft.model_validate(application, from_attributes=True),
        application.currency,
        [f"{one.kind}:{one.sha256}" for one in handed_in],
    )


async def unmet(desk: Desk, case: Case) -> NotComposed | None:
    """Hold a consortium against its call's rules, and put the trial on record.

    What is not met is given and not raised, so that the trial is committed.
    """
    if case.terms.state is not State.AGREED:
        raise ConsortiumNotReady
    session, caller, about = desk.session, desk.caller, case.application.id
    known = await facts(
        session, caller, desk.request, desk.vault, case.organisations, about
    )
    ways = await store.obstacles(session, caller, about, case.terms.id)
    rules = broken(RULES.validate_python(case.call.rules), case.facts(known, ways))
    names = " ".join(rule.kind for rule in rules)
    session.add(
        Attempt(
            application=about,
            call=case.call.id,
            lead=case.application.lead,
            asked_by=caller.agency,
            passed=not rules,
            broken=names,
        )
    )
    await desk.tell("composition:check", about, passed=not rules, broken=names)
    return NotComposed(*rules) if rules else None
