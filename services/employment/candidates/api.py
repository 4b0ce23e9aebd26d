"""Candidates: whom agencies propose to an employer; introductions tell who it is."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.employment.candidates import store
from services.employment.permissions import Employment
from services.employment.placements.rules import Status
from services.kit.callers import Caller, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/candidates",
    tags=["candidates"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Employing = Annotated[Caller, holding(Employment.READ_CANDIDATES)]


class CandidateView(View):
    """Somebody an agency proposes to you, or has placed with you; not who it is.

    `introduced_until`: until then you may read that, unless it is taken back before.
    """

    id: UUID
    agency: str
    vacancy: UUID
    title: str
    starts_on: date
    ends_on: date | None
    status: Status
    introduced_until: datetime | None


@router.get("")
async def list_candidates(
    employing: Employing, page: Paged, session: Transaction
) -> Page[CandidateView]:
    """List whom agencies propose to your organisation, a page at a time."""
    found = await store.page(session, employing, page)
    return page_of(found, page.limit, CandidateView.model_validate)


@router.get("/{key}", response_model=CandidateView, responses=refusing(NotFound))
async def read_candidate(
    key: UUID, employing: Employing, session: Transaction
) -> object:
    """Read one of the candidates for your organisation."""
    return await store.find(session, employing, key)
