"""Overlaps to be reviewed, the agency's feed, and how far employment has followed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import col

from services.employment import rows
from services.employment.following.models import Overlap
from services.employment.following.rules import Outcome, OverlapSettled
from services.employment.permissions import Employment
from services.employment.placements.api import Placing
from services.employment.placements.rules import Overlapping, TooMany
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.feed import FeedView, Forgotten, FromThere, listen
from services.kit.following import Follower, Progress
from services.kit.http import Body, View, refusing
from services.kit.outbox import Event, publish
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(responses=refusing(Unauthenticated, NotPermitted, Invalid))

Reader = Annotated[Caller, holding(Employment.READ_OVERLAPS)]
Resolver = Annotated[Caller, holding(Employment.RESOLVE_OVERLAPS)]
Operator = Annotated[Caller, holding(Employment.READ_FOLLOWING)]
Listener = Annotated[Caller, holding(Employment.READ_FEED)]
ResultsFollower = Annotated[Caller, holding(Employment.FOLLOW_RESULTS)]


class OverlapView(View):
    """A placement of yours that overlaps another, since two registrations are one.

    Whose the other placement is, is told to nobody. Yours holds no days meanwhile.
    """

    id: UUID
    placement: UUID
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None


class ResolutionBody(Body):
    """Resolved: it shall hold its days again, if it can. Tolerated: both may stand."""

    outcome: Literal[Outcome.RESOLVED, Outcome.TOLERATED]


@router.get("/overlaps", tags=["placements"])
async def list_overlaps(
    reader: Reader, page: Paged, session: Transaction
) -> Page[OverlapView]:
    """List the overlaps of your own placements that wait for somebody to look."""
    waiting = col(Overlap.closed_at).is_(None)
    found: Sequence[Overlap] = await rows.page(session, reader, Overlap, page, waiting)
    return page_of(found, page.limit, OverlapView.model_validate)


@router.get(
    "/overlaps/{key}",
    tags=["placements"],
    response_model=OverlapView,
    responses=refusing(NotFound),
)
async def read_overlap(key: UUID, reader: Reader, session: Transaction) -> object:
    """Read one of them."""
    return await rows.find(session, reader, Overlap, key)


@router.post(
    "/overlaps/{key}/resolution",
    tags=["placements"],
    response_model=OverlapView,
    responses=refusing(NotFound, OverlapSettled, Overlapping, TooMany),
)
async def resolve_overlap(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    body: ResolutionBody,
    resolver: Resolver,
    request: RequestId,
    placing: Placing,
    session: Transaction,
) -> object:
    """Settle an overlap once the dates, or the people, are what they should be."""
    about = (await rows.find(session, resolver, Overlap, key)).placement
    if body.outcome is Outcome.RESOLVED:
        await placing.hold_again(session, resolver, request, about)
    overlap = await rows.find(session, resolver, Overlap, key, hold=True)
    if overlap.closed_at is not None:
        raise OverlapSettled
    overlap.closed_at, overlap.outcome = now(), body.outcome
    overlap.closed_by = resolver.subject
    connection = await driver(session)
    told = {"placement": str(about), "outcome": str(body.outcome)}
    await record(connection, Entry(request, "overlap:settle", resolver, key, told))
    await publish(connection, Event("overlap.settled", key, resolver.agency, told))
    return overlap


@router.get("/feed", tags=["feeds"], responses=refusing(Forgotten, Unavailable))
async def read_feed(query: FromThere, listener: Listener, request: Request) -> FeedView:
    """Read what happened to your own placements, or wait until something does."""
    return await listen(request, listener.agency, query)


@router.get(
    "/results/feed", tags=["internal"], responses=refusing(Forgotten, Unavailable)
)
async def follow_results(
    query: FromThere, _follower: ResultsFollower, request: Request
) -> FeedView:
    """Tell another service of placements, trainings and support, by ids alone."""
    return await listen(request, None, query)


async def follower(request: Request) -> Follower:
    found: Follower = request.app.state.follower
    return found


@router.get("/following", tags=["feeds"], response_model=Progress)
async def read_following(
    _operator: Operator, following: Annotated[Follower, Depends(follower)]
) -> object:
    """Read how far the feed of beneficiaries has been followed."""
    return await following.progress()
