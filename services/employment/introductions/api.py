"""Introductions: the agency makes and withdraws them, the employer reads who it is.

Whom to tell, and for how long, is decided by the agency, and sealed by beneficiaries.
The employer reads in its own name: beneficiaries opens what was sealed for it, both
services put it on record, and no name is kept here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.employment import rows
from services.employment.introductions import store
from services.employment.introductions.models import Introduction
from services.employment.introductions.rules import (
    NobodyToTell,
    NotAccepted,
    Terms,
    require_accepted,
)
from services.employment.neighbours import (
    Introduced,
    Neighbours,
    NotAgreed,
    neighbours,
)
from services.employment.permissions import Employment
from services.employment.placements import store as placements
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Database, Transaction
from services.kit.http import View, refusing
from services.kit.outbox import Event, publish
from services.kit.pages import Page, PageQuery, page_of
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
Employing = Annotated[Caller, holding(Employment.READ_INTRODUCTIONS)]
Asking = Annotated[Neighbours, Depends(neighbours)]


class IntroductionView(View):
    """Which employer can read who it is, and until when; no name is in it."""

    id: UUID
    placement: UUID
    organisation: UUID
    phones: bool
    until: datetime
    introduced_at: datetime
    withdrawn_at: datetime | None


class IntroducedView(View):
    """Who it is; at least one name is there, and phones where you may know them."""

    candidate: UUID
    given: str | None
    family: str | None
    phones: list[str]
    until: datetime


class IntroductionQuery(PageQuery):
    """Of which placement introductions are wanted."""

    placement: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What beneficiaries sealed, for whom, until when."""

    organisation: UUID
    until: datetime
    sealed: str


def shown(request: Request) -> str:
    """Give the passport that was shown, to be exchanged."""
    return request.headers["authorization"].partition(" ")[2]


async def sealed(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    introducer: Introducer,
    request_id: RequestId,
    asking: Asking,
    request: Request,
    terms: Terms = Terms(),  # noqa: B008 -- frozen, and how FastAPI wants a default
) -> Sealed:
    """Let it be sealed before the transaction holds a connection."""
    database: Database = request.app.state.database
    async with database.session(introducer.agency) as session:
        placement = await placements.find(session, introducer, key)
        require_accepted(placement.status)
        organisation = await store.employer(session, introducer, placement)
    if organisation is None:
        raise NobodyToTell
    until = now() + timedelta(days=terms.days)
    told = organisation, until, terms.phones
    about = placement.registration, shown(request), request_id
    return Sealed(organisation, until, await asking.introduce(*told, *about))


async def redeemed(
    key: UUID,
    employing: Employing,
    request_id: RequestId,
    asking: Asking,
    request: Request,
) -> Introduced:
    """Ask who it is before the transaction; only where an introduction is in force."""
    database: Database = request.app.state.database
    acting = employing.agency, employing.organisation
    async with database.session(*acting) as session:
        kept, registration = await store.in_force(session, employing, key, now())
    about = registration, shown(request), request_id
    return await asking.introduced(kept.sealed, *about)


@router.post(
    "/placements/{key}/introduction",
    response_model=IntroductionView,
    status_code=201,
    responses=refusing(NotFound, NotAccepted, NobodyToTell, NotAgreed, Unavailable),
)
async def introduce_candidate(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    made: Annotated[Sealed, Depends(sealed)],
    introducer: Introducer,
    request: RequestId,
    session: Transaction,
    terms: Terms = Terms(),  # noqa: B008 -- frozen, and how FastAPI wants a default
) -> object:
    """Let the employer that has accepted somebody read who it is.

    It takes the person's consent to the purpose of employment; with that, with the
    placement, and with the days that you give it, it ends.
    """
    placement = await placements.find(session, introducer, key, hold=True)
    require_accepted(placement.status)
    introduction = Introduction(
        agency=introducer.agency,
        placement=placement.id,
        organisation=made.organisation,
        phones=terms.phones,
        until=made.until,
        sealed=made.sealed,
        introduced_by=introducer.subject,
    )
    session.add(introduction)
    await _tell(session, request, introducer, "record", introduction)
    return introduction


@router.get("/introductions")
async def list_introductions(
    introducer: Introducer,
    query: Annotated[IntroductionQuery, Query()],
    session: Transaction,
) -> Page[IntroductionView]:
    """List your own introductions, a page at a time."""
    found = await rows.page(session, introducer, Introduction, query)
    return page_of(found, query.limit, IntroductionView.model_validate)


@router.post(
    "/introductions/{key}/withdrawal",
    response_model=IntroductionView,
    responses=refusing(NotFound),
)
async def withdraw_introduction(
    key: UUID, introducer: Introducer, request: RequestId, session: Transaction
) -> object:
    """Take an introduction back: from now on the employer reads nothing by it."""
    introduction = await rows.find(session, introducer, Introduction, key, hold=True)
    if introduction.withdrawn_at is None:
        introduction.withdrawn_at = now()
        await _tell(session, request, introducer, "withdraw", introduction)
    return introduction


@router.get("/candidates/{key}/introduction", responses=refusing(NotFound, Unavailable))
async def read_introduction(
    key: UUID,
    person: Annotated[Introduced, Depends(redeemed)],
    employing: Employing,
    request: RequestId,
    session: Transaction,
) -> IntroducedView:
    """Read who a candidate is whom you have accepted, once you are introduced."""
    introduction, _ = await store.in_force(session, employing, key, now())
    await _tell(session, request, employing, "read", introduction)
    told = person.model_dump()
    return IntroducedView(candidate=key, until=introduction.until, **told)


HAPPENED = {
    "record": "introduction.recorded",
    "read": "introduction.read",
    "withdraw": "introduction.withdrawn",
}


async def _tell(
    session: Transaction,
    request: UUID,
    caller: Caller,
    act: str,
    introduction: Introduction,
) -> None:
    """Put an act on record, and tell the agency that introduced."""
    connection = await driver(session)
    about = {"placement": str(introduction.placement)}
    entry = Entry(request, f"introduction:{act}", caller, introduction.id, about)
    await record(connection, entry)
    told = HAPPENED[act], introduction.id, introduction.agency, about
    await publish(connection, Event(*told))
