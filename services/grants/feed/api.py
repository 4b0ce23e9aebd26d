"""The feed of applications and awards; an organisation has its own."""

from typing import Annotated

from fastapi import APIRouter, Request

from services.grants.permissions import Grants
from services.kit.callers import Caller, holding
from services.kit.feed import FeedView, Forgotten, FromThere, listen
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated, Unavailable

router = APIRouter(
    tags=["feeds"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Forgotten, Unavailable),
)

Listener = Annotated[Caller, holding(Grants.READ_FEED)]


@router.get("/feed")
async def read_feed(query: FromThere, listener: Listener, request: Request) -> FeedView:
    """Read what became of applications and awards that you may read, or wait for it."""
    audience = listener.organisation or listener.agency
    return await listen(request, audience, query)
