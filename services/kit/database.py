"""One request, one transaction, committed before the answer; rows by the agency.

Two ways to the same tables under the same row-level security: `Transaction`, a SQLModel
session, for ordinary routes; `Statements`, asyncpg itself, where a benchmark says so.
"""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Self

import asyncpg
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as Crowded
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.callers import Authenticated
from services.kit.http import describe, problem
from services.kit.refusals import Unavailable
from services.kit.telemetry import trace_engine, trace_statement

log = logging.getLogger("uramost")
TENANT = re.compile(r"[a-z0-9-]{1,40}")
ARRAYS = """
select $1::uuid[], $2::text[], $3::bytea[], $4::bigint[], $5::real[], $6::jsonb[],
       $7::boolean[]
"""
GONE = ("08", "57P", "53300")  # connection lost, server ending, too many connections
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server has taken its leave, and not yet closed
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    InterfaceError,
    OperationalError,
    Crowded,  # nobody gave a connection back in time
)


NARROW = text("""
select set_config('app.agency', :agency, true),
       set_config('app.organisation', :organisation, true)
""")


class AgencyRows(Session):
    """A session that tells the database whose rows it may see, at every begin."""


@event.listens_for(AgencyRows, "after_begin")
def _narrow(session: Session, _transaction: object, connection: Connection) -> None:
    who = {name: session.info[name] or "" for name in ("agency", "organisation")}
    connection.execute(NARROW, who)


@dataclass(frozen=True)
class Database:
    """The connections of one process to a database in which it owns nothing."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    pool: asyncpg.Pool

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, *, most: int = 16) -> AsyncIterator[Self]:
        """Open at most `most` connections of either kind, and close them after."""
        engine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            hide_parameters=True,  # SQLAlchemy's errors would print the values
            pool_size=most,
            max_overflow=0,
            pool_pre_ping=True,
        )
        trace_engine(engine.sync_engine)
        sessions = async_sessionmaker(
            engine,
            class_=AsyncSession,
            sync_session_class=AgencyRows,
            expire_on_commit=False,
        )
        async with await connect_pool(url, most=most) as pool:
            yield cls(engine, sessions, pool)
        await engine.dispose()

    async def answers(self) -> bool:
        return await answers(self.pool)

    @asynccontextmanager
    async def session(
        self, agency: str, organisation: str | None = None
    ) -> AsyncIterator[AsyncSession]:
        """Open a transaction for a tenant and the organisation that it acts for."""
        info = {"agency": agency, "organisation": organisation}
        async with self.sessions(info=info) as session, session.begin():
            yield session

    @asynccontextmanager
    async def statements(self, agency: str) -> AsyncIterator[asyncpg.Connection]:
        """Open a transaction in one round trip, narrowed to the agency's rows."""
        if not TENANT.fullmatch(agency):
            raise ValueError(agency)
        async with self.pool.acquire() as connection:
            await connection.execute(f"begin; set local app.agency = '{agency}'")
            try:
                yield connection
            except BaseException:
                await connection.execute("rollback")
                raise
            await connection.execute("commit")


async def connect_pool(url: str, *, most: int = 16) -> asyncpg.Pool:
    """Open connections for plain statements, all at once and to be kept."""
    return await asyncpg.create_pool(
        url,
        min_size=most,
        max_size=most,
        max_inactive_connection_lifetime=0,
        init=_prepare,
        reset=_as_it_is,
    )


async def _prepare(connection: asyncpg.Connection) -> None:
    """Look up the array types now: asyncpg asks for each, on every connection."""
    await connection.prepare(ARRAYS)
    connection.add_query_logger(trace_statement)


async def _as_it_is(connection: asyncpg.Connection) -> None:
    """Save the round trip of a reset: nothing here outlives its transaction."""


async def answers(pool: asyncpg.Pool) -> bool:
    """Tell within two seconds whether a database answers; readiness asks."""
    try:
        async with pool.acquire(timeout=2) as connection:
            return bool(await connection.fetchval("select true", timeout=2))
    except (*LOST, TimeoutError, asyncpg.PostgresError):
        return False


async def transaction(
    request: Request, caller: Authenticated
) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.session(caller.agency, caller.organisation) as session:
        yield session


async def statements(
    request: Request, caller: Authenticated
) -> AsyncIterator[asyncpg.Connection]:
    async with request.app.state.database.statements(caller.agency) as connection:
        yield connection


def answer_outages(app: FastAPI) -> None:
    """Let every operation say that the database is away, wherever it noticed."""
    for kind in (*LOST, DBAPIError):
        app.add_exception_handler(kind, _answer_outage)


async def _answer_outage(_: Request, failure: Exception) -> JSONResponse:
    if isinstance(failure, DBAPIError) and not gone(failure):
        raise failure
    log.error("The database is away: %s", describe(failure))
    return problem(Unavailable())


def gone(failure: DBAPIError) -> bool:
    """Tell whether the server went away or has no room, and no statement was wrong."""
    state = str(getattr(failure.orig, "sqlstate", None))
    return failure.connection_invalidated or state.startswith(GONE)


# scope="function": commit before the answer leaves, so that a failed commit is a 500
# and never a 201. FastAPI's default is to finish after the response is sent.
Transaction = Annotated[AsyncSession, Depends(transaction, scope="function")]
Statements = Annotated[asyncpg.Connection, Depends(statements, scope="function")]
