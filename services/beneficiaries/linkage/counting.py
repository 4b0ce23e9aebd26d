"""Keeping the census: one process counts, beside its work; the others take it over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.rules import DESK
from services.kit.beside import again_and_again, beside
from services.kit.database import Database

EVERY = 300.0  # seconds
Round = Callable[[Database, Matcher], Awaitable[object]]


@asynccontextmanager
async def counting(database: Database, matcher: Matcher) -> AsyncIterator[None]:
    """Count at the start and every some minutes, beside whatever the process does."""
    async with beside(_keep(count, database, matcher)):
        yield


@asynccontextmanager
async def informed(database: Database, matcher: Matcher) -> AsyncIterator[None]:
    """Take over what another process counts; forms are filled here meanwhile."""
    async with beside(_keep(learn, database, matcher)):
        yield


async def count(database: Database, matcher: Matcher) -> None:
    while await count_once(database, matcher):
        continue


async def count_once(database: Database, matcher: Matcher) -> bool:
    async with database.statements(DESK) as connection:
        return await matcher.count(connection)


async def learn(database: Database, matcher: Matcher) -> None:
    async with database.statements(DESK) as connection:
        await matcher.census.learn(connection)


async def _keep(round_: Round, database: Database, matcher: Matcher) -> None:
    """Without a census names weigh what a name weighs on average, so it may fail."""
    taken = partial(round_, database, matcher)
    await again_and_again(taken, EVERY, "The census was not taken")
