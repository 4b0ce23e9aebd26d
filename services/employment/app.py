"""The employment service, assembled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from services.employment.candidates.api import router as candidates
from services.employment.certificates.api import router as certificates
from services.employment.classifications.api import router as classifications
from services.employment.employers.api import router as employers
from services.employment.enterprise.api import router as enterprise
from services.employment.following import actions as following
from services.employment.following.api import router as follow
from services.employment.following.timeline import router as timeline
from services.employment.introductions.api import router as introductions
from services.employment.links.api import router as links
from services.employment.neighbours import Neighbours
from services.employment.placements.actions import Office
from services.employment.placements.api import router as placements
from services.employment.placements.limit import Limit
from services.employment.retention.api import router as retention
from services.employment.seekers.api import router as seekers
from services.employment.seekers.matching import router as matching
from services.employment.settings import Settings
from services.employment.subsidies.api import router as subsidies
from services.employment.trainings.api import router as trainings
from services.employment.trainings.attendance import router as attendance
from services.employment.vacancies.api import router as vacancies
from services.kit.feed import kept_short
from services.kit.following import Follower
from services.kit.service import create, running

NAME = "employment"
ROUTERS = (
    classifications,
    employers,
    vacancies,
    placements,
    candidates,
    introductions,
    subsidies,
    retention,
    seekers,
    matching,
    trainings,
    attendance,
    certificates,
    enterprise,
    links,
    follow,
    timeline,
)


def create_app(settings: Settings) -> FastAPI:
    return create(NAME, settings, settings.passport_key, ROUTERS, lifespan(settings))


def lifespan(settings: Settings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, settings) as database, Neighbours.reach(settings) as to:
            app.state.neighbours = to
            app.state.office = Office(database, Limit())
            feed = "beneficiaries", database.pool, to.persons
            app.state.follower = Follower(*feed, following.apply, following.acts_on)
            app.state.behind["beneficiaries"] = app.state.follower.behind
            async with (
                app.state.follower.following(),
                kept_short(database, settings.feed_days),
            ):
                yield

    return live
