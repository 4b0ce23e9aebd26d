"""The feeds: an agency's of its own registrations, and the services' of persons."""

from typing import Annotated

from fastapi import APIRouter, Request

from services.beneficiaries.permissions import Beneficiaries
from services.kit.callers import Caller, holding
from services.kit.feed import FeedView, Forgotten, FromThere, listen
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated, Unavailable

router = APIRouter(
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Forgotten, Unavailable)
)

Reader = Annotated[Caller, holding(Beneficiaries.READ_FEED)]
Follower = Annotated[Caller, holding(Beneficiaries.FOLLOW_PERSONS)]


@router.get("/feed", tags=["feeds"])
async def read_feed(query: FromThere, reader: Reader, request: Request) -> FeedView:
    """Read what happened to your own registrations, or wait until something does."""
    return await listen(request, reader.agency, query)


@router.get("/persons/feed", tags=["internal"])
async def follow_persons(
    query: FromThere, _follower: Follower, request: Request
) -> FeedView:
    """Tell another service what happened to persons, by keys and ids alone."""
    return await listen(request, None, query)
