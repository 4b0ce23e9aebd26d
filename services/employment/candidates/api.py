"""Candidates: what an employer sees, and the introduction that tells it who it is.

The employer asks in its own name, and no agency's registration is its own to read. So
the agency introduces: its system is given the names, once the placement is accepted,
and tells them to the employer. They are asked of beneficiaries at that moment, recorded
there and here, and kept nowhere here.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.employment.candidates import store
from services.employment.candidates.models import Introduction
from services.employment.candidates.rules import NotAccepted, require_accepted
from services.employment.neighbours import Names, Neighbours, neighbours
from services.employment.permissions import Employment
from services.employment.placements import store as placements
from services.employment.placements.rules import Status
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Database, Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(
    tags=["candidates"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Introducer = Annotated[Caller, holding(Employment.INTRODUCE_CANDIDATES)]
Employing = Annotated[Caller, holding(Employment.READ_CANDIDATES)]


class CandidateView(View):
    """Somebody an agency proposes to you, or has placed with you; not who it is."""

    id: UUID
    agency: str
    vacancy: UUID
    title: str
    starts_on: date
    ends_on: date | None
    status: Status
    introduced_at: datetime | None


class IntroductionView(View):
    """Who it is, to be told to the employer; at least one name is there."""

    placement: UUID
    given: str | None
    family: str | None


async def named(
    key: UUID,
    introducer: Introducer,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> Names:
    """Ask for the names before the transaction, and only of who is accepted."""
    database: Database = request.app.state.database
    async with database.session(introducer.agency) as session:
        placement = await placements.find(session, introducer, key)
        require_accepted(placement.status)
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.names(placement.registration, passport, request_id)


Named = Annotated[Names, Depends(named)]


@router.post(
    "/placements/{key}/introduction",
    status_code=201,
    responses=refusing(NotFound, NotAccepted, Unavailable),
)
async def introduce_candidate(
    key: UUID,
    names: Named,
    introducer: Introducer,
    request: RequestId,
    session: Transaction,
) -> IntroductionView:
    """Be given the names of somebody whom the employer has accepted, to tell them."""
    placement = await placements.find(session, introducer, key, hold=True)
    require_accepted(placement.status)
    introduction = Introduction(
        agency=introducer.agency,
        placement=placement.id,
        introduced_by=introducer.subject,
    )
    session.add(introduction)
    entry = Entry(request, "candidate:introduce", introducer, placement.id)
    await record(await driver(session), entry)
    return IntroductionView(placement=placement.id, **names.model_dump())


@router.get("/candidates")
async def list_candidates(
    employing: Employing, page: Paged, session: Transaction
) -> Page[CandidateView]:
    """List whom agencies propose to your organisation, a page at a time."""
    found = await store.page(session, employing, page)
    return page_of(found, page.limit, CandidateView.model_validate)


@router.get(
    "/candidates/{key}", response_model=CandidateView, responses=refusing(NotFound)
)
async def read_candidate(
    key: UUID, employing: Employing, session: Transaction
) -> object:
    """Read one of the candidates for your organisation."""
    return await store.find(session, employing, key)
