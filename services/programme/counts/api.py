"""How far the services' feeds have been followed, from which everything is counted."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.kit.callers import Caller, holding
from services.kit.following import Follower, Progress
from services.kit.http import refusing
from services.kit.refusals import NotPermitted, Unauthenticated
from services.programme.permissions import Programme

router = APIRouter(tags=["feeds"], responses=refusing(Unauthenticated, NotPermitted))

Operator = Annotated[Caller, holding(Programme.READ_FOLLOWING)]


async def followers(request: Request) -> list[Follower]:
    found: list[Follower] = request.app.state.followers
    return found


@router.get("/following")
async def read_following(
    _operator: Operator, following: Annotated[list[Follower], Depends(followers)]
) -> list[Progress]:
    """Read how far each service's feed has been followed."""
    return [await one.progress() for one in following]
