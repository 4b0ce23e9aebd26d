"""Feeds: an outbox as CloudEvents 1.0, a part at a time, waiting for news if asked to.

A cursor is the mark of the last event that was read. It says nothing by itself, and to
another audience it is no cursor at all.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

import asyncpg
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.kit import outbox
from services.kit.beside import again_and_again, beside
from services.kit.database import Database
from services.kit.http import View
from services.kit.pages import cursor, read_cursor
from services.kit.refusals import Refusal

Days = Annotated[int, Field(ge=30, le=3650)]  # for which events are kept
EVERY: Final = 0.25  # seconds between two looks of whoever waits
LONGEST: Final = 20  # seconds that a reader may wait
LARGEST: Final = 500
HOUR: Final = 3600.0
TYPES: Final = "org.uramost."


class Forgotten(Refusal):
    """What followed this cursor is no longer kept; read the records and begin anew."""

    status = HTTPStatus.GONE


class FeedQuery(BaseModel):
    """From where to read, how much, and how long to wait where there is nothing."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = 100
    cursor: Annotated[str | None, Field(max_length=64)] = None
    wait: Annotated[int, Field(ge=0, le=LONGEST)] = 0

    def after(self) -> UUID | None:
        return None if self.cursor is None else read_cursor(self.cursor)


FromThere = Annotated[FeedQuery, Query()]


class EventView(View):
    """One event, as CloudEvents 1.0 writes it; `subject` is the record's id."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]

    @classmethod
    def of(cls, source: str, row: asyncpg.Record) -> Self:
        return cls(
            id=row["id"],
            source=f"/{source}",
            type=TYPES + row["type"],
            subject=row["subject"],
            time=row["occurred_at"],
            data=json.loads(row["data"]),
        )


class FeedView(View):
    """A part of a feed, in order; `next` is where the next one begins.

    `next` is kept by the reader once it has done what the events ask for. `more` says
    that there is more already; otherwise ask again and wait.
    """

    items: list[EventView]
    next: str | None
    more: bool


async def listen(request: Request, audience: str | None, query: FeedQuery) -> FeedView:
    """Give what is new to an audience, as soon as there is anything or time is up."""
    state, after = request.app.state, query.after()
    until = time.monotonic() + query.wait
    while True:
        rows = await _look(state.database.pool, audience, after, query.limit + 1)
        if rows or time.monotonic() >= until or await request.is_disconnected():
            break
        await asyncio.sleep(EVERY)
    shown = [EventView.of(state.name, row) for row in rows[: query.limit]]
    last = cursor(shown[-1].id) if shown else query.cursor
    return FeedView(items=shown, next=last, more=len(rows) > query.limit)


async def _look(
    pool: asyncpg.Pool, audience: str | None, after: UUID | None, limit: int
) -> outbox.Events:
    async with pool.acquire() as connection, connection.transaction():
        # Without an agency, the rows that are for no agency are those that are seen.
        narrow = "select set_config('app.agency', $1, true)"
        await connection.execute(narrow, audience or "")
        await outbox.number(connection, audience)
        place = await outbox.place(connection, audience, after)
        if place is None:
            raise Forgotten
        return await outbox.read(connection, audience, place, limit)


@asynccontextmanager
async def kept_short(database: Database, days: int) -> AsyncIterator[None]:
    """Forget every hour what is older than feeds are kept."""

    async def forget() -> None:
        async with database.pool.acquire() as connection:
            await outbox.forget(connection, days)

    async with beside(again_and_again(forget, HOUR, "The feeds are not kept short")):
        yield
