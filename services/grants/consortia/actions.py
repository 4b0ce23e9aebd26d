"""Proposing terms, and answering them: what happens is written into the history."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.consortia import store
from services.grants.consortia.models import Consortium, Event, Member, Terms
from services.grants.consortia.rules import (
    Answer,
    Happening,
    OtherTerms,
    Proposal,
    State,
    after_answer,
    answer,
    digest_of_terms,
    move,
)
from services.kit.callers import Caller
from services.kit.columns import now
from services.kit.refusals import NotFound


async def propose(
    session: AsyncSession, caller: Caller, consortium: Consortium, proposal: Proposal
) -> Terms:
    """Lay terms before everybody named in them; an open proposal lapses."""
    asked = [one.organisation for one in proposal.members]
    await store.lasting(session, caller, asked)
    earlier = await store.every_terms(session, caller, consortium.id)
    for before in earlier[-1:]:
        await _follow(session, caller, before, asked)
    number = len(earlier) + 1
    terms = Terms(
        consortium=consortium.id,
        number=number,
        digest=digest_of_terms(consortium.id, number, proposal),
        readers=[str(one) for one in asked],
        recorded_by=caller.subject,
    )
    consortium.readers = sorted({*consortium.readers, *terms.readers})
    session.add(terms)
    await session.flush()
    session.add_all(parts(terms, proposal))
    tell(session, caller, terms, Happening.INVITED, asked)
    await session.flush()
    return terms


async def _follow(
    session: AsyncSession, caller: Caller, before: Terms, asked: Collection[UUID]
) -> None:
    """Let the terms before lapse, if they were open; tell who is in no more."""
    if before.state is State.PROPOSED:
        before.state = move(before.state, State.LAPSED)
        tell(session, caller, before, Happening.LAPSED)
    members = await store.members(session, caller, [before.id])
    gone = [one.organisation for one in members if one.organisation not in asked]
    tell(session, caller, before, Happening.REPLACED, gone)
    await session.flush()


def parts(terms: Terms, proposal: Proposal) -> Iterable[Member]:
    return [
        Member(terms=terms.id, consortium=terms.consortium, **one.model_dump())
        for one in proposal.members
    ]


def tell(
    session: AsyncSession,
    caller: Caller,
    terms: Terms,
    what: Happening,
    about: Iterable[UUID | None] = (None,),
) -> None:
    session.add_all(
        Event(
            consortium=terms.consortium,
            terms=terms.id,
            organisation=one,
            what=what,
            subject=caller.subject,
            client=caller.client,
        )
        for one in about
    )


async def give_answer(
    session: AsyncSession, caller: Caller, terms: Terms, own: UUID, said: Answer
) -> Terms:
    """Write down what an organisation says of terms, and where they stand after it.

    The consortium is held, so that of two last answers one comes after the other.
    """
    members = await store.members(session, caller, [terms.id])
    if (member := next((m for m in members if m.organisation == own), None)) is None:
        raise NotFound
    member.answer = answer(terms.state, member.answer, said)
    member.answered_at, member.answered_by = now(), caller.subject
    member.answered_through = caller.client
    if said is Answer.ACCEPTED:
        member.digest = terms.digest
    tell(session, caller, terms, Happening(said), [own])
    stood = terms.state
    terms.state = after_answer(stood, [one.answer for one in members])
    if terms.state is State.AGREED and stood is State.PROPOSED:
        tell(session, caller, terms, Happening.AGREED)
    await session.flush()
    return terms


def signed_as_read(terms: Terms, digest: str) -> None:
    """Refuse a signature under another text than the one that lies here."""
    if terms.digest != digest:
        raise OtherTerms
