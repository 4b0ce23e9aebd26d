"""Consortia: form one, propose terms, accept or refuse them for oneself, read."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.consortia import store
from services.grants.consortia.actions import give_answer, propose, signed_as_read
from services.grants.consortia.models import Consortium, Member, Terms
from services.grants.consortia.rules import (
    Answer,
    ConsortiumNotReady,
    Digest,
    NotTheLead,
    OtherTerms,
    Proposal,
)
from services.grants.consortia.views import ConsortiumView, HappeningView, SummaryView
from services.grants.parties import NotActing, acting
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line

router = APIRouter(
    prefix="/consortia",
    tags=["consortia"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Former = Annotated[Caller, holding(Grants.FORM_CONSORTIA)]
Reader = Annotated[Caller, holding(Grants.READ_CONSORTIA)]


class Formation(Proposal):
    """A consortium by its title, with the terms that its members are asked to."""

    title: Line


class Acceptance(Body):
    """Exactly the text that is accepted, named by the digest that was read."""

    terms: UUID
    digest: Digest


class Declining(Body):
    """Which terms are declined."""

    terms: UUID


def view(
    consortium: Consortium, every: Sequence[Terms], members: Sequence[Member]
) -> ConsortiumView:
    shown = [
        one.model_dump() | {"members": [m for m in members if m.terms == one.id]}
        for one in every
    ]
    return ConsortiumView.model_validate(consortium.model_dump() | {"terms": shown})


async def seen(session: AsyncSession, caller: Caller, key: UUID) -> ConsortiumView:
    consortium = await store.find(session, caller, key)
    every = await store.every_terms(session, caller, key)
    members = await store.members(session, caller, [one.id for one in every])
    return view(consortium, every, members)


@router.post(
    "",
    status_code=201,
    responses=refusing(NotPermitted, NotActing, NotTheLead, ConsortiumNotReady),
)
async def form_consortium(
    formation: Formation, former: Former, request: RequestId, session: Transaction
) -> ConsortiumView:
    """Form a consortium under your own lead, and ask the others to its terms."""
    if formation.lead != (lead := acting(former)):
        raise NotTheLead
    consortium = Consortium(
        title=formation.title,
        lead=lead,
        readers=[str(lead)],
        recorded_by=former.subject,
    )
    session.add(consortium)
    await session.flush()
    await propose(session, former, consortium, formation)
    entry = Entry(request, "consortium:form", former, consortium.id)
    await record(await driver(session), entry)
    return await seen(session, former, consortium.id)


@router.post(
    "/{key}/terms",
    status_code=201,
    responses=refusing(NotFound, NotPermitted, NotActing, NotTheLead),
)
async def propose_terms(
    key: UUID,
    proposal: Proposal,
    former: Former,
    request: RequestId,
    session: Transaction,
) -> ConsortiumView:
    """Propose other terms: members, roles, shares. All have to sign anew.

    Terms agreed on before stay in force where an application rests on them, until it
    is renewed.
    """
    consortium = await store.held(session, former, key)
    if consortium.lead != acting(former) or consortium.lead != proposal.lead:
        raise NotTheLead
    terms = await propose(session, former, consortium, proposal)
    entry = Entry(request, "terms:propose", former, key, {"terms": str(terms.id)})
    await record(await driver(session), entry)
    return await seen(session, former, key)


@router.post(
    "/{key}/acceptance",
    responses=refusing(
        NotFound, NotPermitted, NotActing, OtherTerms, ConsortiumNotReady
    ),
)
async def accept_terms(
    key: UUID,
    acceptance: Acceptance,
    former: Former,
    request: RequestId,
    session: Transaction,
) -> ConsortiumView:
    """Sign terms for your own organisation; when all have, they are agreed."""
    own = acting(former)
    await store.held(session, former, key)
    terms = await store.terms_of(session, former, key, acceptance.terms)
    signed_as_read(terms, acceptance.digest)
    await give_answer(session, former, terms, own, Answer.ACCEPTED)
    details = {"terms": str(terms.id), "digest": terms.digest}
    entry = Entry(request, "terms:accept", former, key, details)
    await record(await driver(session), entry)
    return await seen(session, former, key)


@router.post(
    "/{key}/refusal",
    responses=refusing(NotFound, NotPermitted, NotActing, ConsortiumNotReady),
)
async def refuse_terms(
    key: UUID,
    declining: Declining,
    former: Former,
    request: RequestId,
    session: Transaction,
) -> ConsortiumView:
    """Refuse terms for your own organisation; the lead may propose others."""
    own = acting(former)
    await store.held(session, former, key)
    terms = await store.terms_of(session, former, key, declining.terms)
    await give_answer(session, former, terms, own, Answer.REFUSED)
    entry = Entry(request, "terms:refuse", former, key, {"terms": str(terms.id)})
    await record(await driver(session), entry)
    return await seen(session, former, key)


@router.get("")
async def list_consortia(
    reader: Reader, page: Paged, session: Transaction
) -> Page[SummaryView]:
    """List the consortia that you form, were asked to, or that applied to you."""
    found = await store.page(session, reader, page.after(), page.fetched)
    return page_of(found, page.limit, SummaryView.model_validate)


@router.get("/{key}", responses=refusing(NotFound))
async def read_consortium(
    key: UUID, reader: Reader, session: Transaction
) -> ConsortiumView:
    """Read a consortium, with the terms that concern you."""
    return await seen(session, reader, key)


@router.get("/{key}/history", responses=refusing(NotFound))
async def read_history(
    key: UUID, reader: Reader, page: Paged, session: Transaction
) -> Page[HappeningView]:
    """Read what has happened, from the beginning, as far as it concerns you."""
    await store.find(session, reader, key)
    found = await store.history(session, reader, key, page.after(), page.fetched)
    return page_of(found, page.limit, HappeningView.model_validate)
