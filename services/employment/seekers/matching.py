"""Matching: which of your seekers suit one of your vacancies, and why."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.employment.permissions import Employment
from services.employment.seekers import store
from services.employment.seekers.models import Seeker
from services.employment.seekers.rules import Offered, Reason, Sought, reasons
from services.employment.vacancies import store as vacancies
from services.employment.vacancies.models import Vacancy
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["seekers"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Matcher = Annotated[Caller, holding(Employment.MATCH_SEEKERS)]


class MatchBody(Body):
    """How many are wanted at most."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


class ReasonView(View):
    """One thing that suits, and how many points it gives."""

    reason: Reason
    points: int


class MatchView(View):
    """A seeker of yours, the points, and what each reason brought."""

    seeker: UUID
    registration: UUID
    points: int
    reasons: list[ReasonView]


def offered(vacancy: Vacancy) -> Offered:
    return Offered(
        vacancy.occupation,
        vacancy.skills,
        vacancy.municipality,
        vacancy.starts_on,
        vacancy.weekly_hours,
    )


def sought(seeker: Seeker) -> Sought:
    return Sought(
        seeker.occupations,
        seeker.skills,
        seeker.municipalities,
        seeker.available_from,
        seeker.weekly_hours,
    )


def view(seeker: Seeker, why: Mapping[Reason, int]) -> MatchView:
    return MatchView(
        seeker=seeker.id,
        registration=seeker.registration,
        points=sum(why.values()),
        reasons=[ReasonView(reason=one, points=points) for one, points in why.items()],
    )


def ranked(seekers: Iterable[Seeker], wanted: Offered) -> list[MatchView]:
    """Rank by points; of equal ones, who was recorded first comes first."""
    views = [
        view(seeker, why)
        for seeker in seekers
        if (why := reasons(sought(seeker), wanted))
    ]
    return sorted(views, key=lambda one: (-one.points, one.seeker))


@router.post("/vacancies/{key}/matches", responses=refusing(NotFound))
async def match_seekers(
    key: UUID,
    body: MatchBody,
    matcher: Matcher,
    request: RequestId,
    session: Transaction,
) -> list[MatchView]:
    """Rank your own seekers for one of your own vacancies, the most suitable first."""
    wanted = offered(await vacancies.find(session, matcher, key))
    fitting = await store.fitting(session, matcher, wanted)
    found = ranked(fitting, wanted)[: body.limit]
    entries = [Entry(request, "seeker:match", matcher, one.seeker) for one in found]
    if entries:
        await record(await driver(session), *entries)
    return found
