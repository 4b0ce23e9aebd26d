"""Awards: decide, read, list, suspend, and amend."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.grants.applications.case import Desk
from services.grants.applications.rules import ApplicationNotReady, NotComposed
from services.grants.awards import amending, store
from services.grants.awards.actions import grant, held
from services.grants.awards.desk import at_desk
from services.grants.awards.rules import (
    NEXT,
    AboveCeiling,
    Amended,
    AmendmentStatus,
    AwardNotReady,
    AwardSuspended,
    Content,
    OtherAmendment,
    SameHand,
    Status,
    move,
)
from services.grants.awards.views import AmendmentView, AwardView, shown
from services.grants.consortia.rules import (
    ConsortiumNotReady,
    Digest,
    NotTheLead,
    OtherTerms,
)
from services.grants.ledger.rules import Overspent
from services.grants.parties import NotActing
from services.grants.permissions import Grants
from services.kit.http import Body, problem, refusing
from services.kit.pages import Page, PageQuery, following
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["awards"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Decider = Annotated[Desk, at_desk(Grants.DECIDE_AWARDS)]
Reader = Annotated[Desk, at_desk(Grants.READ_AWARDS)]
Signer = Annotated[Desk, at_desk(Grants.SIGN_AMENDMENTS)]


class Listing(PageQuery):
    """Which awards are listed."""

    call: UUID | None = None
    status: Status | None = None


class Signing(Body):
    """The digest of the amendment as it was read."""

    digest: Digest


@router.post(
    "/awards",
    response_model=AwardView,
    status_code=201,
    responses=refusing(
        NotFound,
        ApplicationNotReady,
        ConsortiumNotReady,
        NotComposed,
        AboveCeiling,
        Overspent,
    ),
)
async def decide_award(content: Content, desk: Decider) -> AwardView | Response:
    """Award a ranked application; the call's rules are held against it once more."""
    award = await grant(desk, content)
    if isinstance(award, NotComposed):
        return problem(award)
    return (await shown(desk, award))[0]


@router.get("/awards")
async def list_awards(
    desk: Reader, listing: Annotated[Listing, Query()]
) -> Page[AwardView]:
    """List the awards that you decide on or take part in, a page at a time."""
    found = await store.page(
        desk.session,
        desk.caller,
        listing.after(),
        listing.fetched,
        call=listing.call,
        status=listing.status,
    )
    items = await shown(desk, *found[: listing.limit])
    return Page(items=items, next=following(found, listing.limit))


@router.get("/awards/{key}", responses=refusing(NotFound))
async def read_award(key: UUID, desk: Reader) -> AwardView:
    """Read an award that you decide on or take part in."""
    award = await store.find(desk.session, desk.caller, key)
    return (await shown(desk, award))[0]


@router.post("/awards/{key}/suspension", responses=refusing(NotFound, AwardNotReady))
async def suspend_award(key: UUID, desk: Decider) -> AwardView:
    """Suspend an award: until it is resumed, no money of it moves."""
    return await _turn(desk, key, Status.SUSPENDED)


@router.post("/awards/{key}/resumption", responses=refusing(NotFound, AwardNotReady))
async def resume_award(key: UUID, desk: Decider) -> AwardView:
    """Resume an award that was suspended."""
    return await _turn(desk, key, Status.ACTIVE)


async def _turn(desk: Desk, key: UUID, status: Status) -> AwardView:
    award = await held(desk, key, moving=False)
    award.status = move(NEXT, award.status, status)
    await desk.tell("award:turn", key, status=str(status))
    return (await shown(desk, award))[0]


@router.post(
    "/awards/{key}/amendments",
    response_model=AmendmentView,
    status_code=201,
    responses=refusing(
        NotFound, AwardNotReady, AwardSuspended, AboveCeiling, OtherAmendment
    ),
)
async def propose_amendment(key: UUID, amended: Amended, desk: Decider) -> object:
    """Propose another amount, end or plan; tranches replace those still planned."""
    return await amending.propose(desk, key, amended)


@router.get(
    "/awards/{key}/amendments",
    response_model=list[AmendmentView],
    responses=refusing(NotFound),
)
async def list_amendments(key: UUID, desk: Reader) -> object:
    """List an award's amendments, whatever came of them."""
    award = await store.find(desk.session, desk.caller, key)
    return await store.amendments(desk.session, desk.caller, award.id)


@router.post(
    "/amendments/{key}/signature",
    response_model=AmendmentView,
    responses=refusing(NotFound, NotActing, NotTheLead, OtherTerms, AwardNotReady),
)
async def sign_amendment(key: UUID, body: Signing, desk: Signer) -> object:
    """Sign an amendment as the lead: exactly the terms of this digest."""
    return await amending.answer(desk, key, AmendmentStatus.SIGNED, body.digest)


@router.post(
    "/amendments/{key}/refusal",
    response_model=AmendmentView,
    responses=refusing(NotFound, NotActing, NotTheLead, AwardNotReady),
)
async def refuse_amendment(key: UUID, desk: Signer) -> object:
    """Refuse an amendment as the lead."""
    return await amending.answer(desk, key, AmendmentStatus.REFUSED, None)


@router.post(
    "/amendments/{key}/withdrawal",
    response_model=AmendmentView,
    responses=refusing(NotFound, AwardNotReady),
)
async def withdraw_amendment(key: UUID, desk: Decider) -> object:
    """Take back an amendment that is not in force."""
    return await amending.withdraw(desk, key)


@router.post(
    "/amendments/{key}/enactment",
    response_model=AmendmentView,
    responses=refusing(
        NotFound, AwardNotReady, AwardSuspended, AboveCeiling, Overspent, SameHand
    ),
)
async def enact_amendment(key: UUID, desk: Decider) -> object:
    """Put in force what the lead has signed, if the budget still bears it."""
    return await amending.enact(desk, key)
