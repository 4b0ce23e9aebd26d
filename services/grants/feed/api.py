"""The feeds of applications and awards: an organisation's own; the services'."""

from typing import Annotated

from fastapi import APIRouter, Request

from services.grants.permissions import Grants
from services.kit.callers import Caller, holding
from services.kit.feed import FeedView, Forgotten, FromThere, listen
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated, Unavailable

router = APIRouter(
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Forgotten, Unavailable),
)

Listener = Annotated[Caller, holding(Grants.READ_FEED)]
Follower = Annotated[Caller, holding(Grants.FOLLOW_RESULTS)]


@router.get("/feed", tags=["feeds"])
async def read_feed(query: FromThere, listener: Listener, request: Request) -> FeedView:
    """Read what became of applications and awards that you may read, or wait for it."""
    audience = listener.organisation or listener.agency
    return await listen(request, audience, query)


@router.get("/results/feed", tags=["internal"])
async def follow_results(
    query: FromThere, _follower: Follower, request: Request
) -> FeedView:
    """Tell another service of awards and of plans that were adopted, by ids alone."""
    return await listen(request, None, query)
