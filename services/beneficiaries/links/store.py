"""The queries of links: through the window, for the owners that agreed, no others."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.beneficiaries.links.rules import openable
from services.kit.callers import Caller
from services.kit.refusals import NotFound

LINKS = "select * from linkage.links($1, $2, $3, $4, $5)"
MINE = "select true from registration where agency = $1 and id = $2"


async def of_all(
    connection: asyncpg.Connection, caller: Caller, after: UUID | None, most: int
) -> Sequence[asyncpg.Record]:
    """Give links of the caller's own registrations, so many registrations at a time."""
    return await _links(connection, caller, None, after, most)


async def of_one(
    connection: asyncpg.Connection, caller: Caller, key: UUID
) -> Sequence[asyncpg.Record]:
    """Give the links of one of the caller's own registrations."""
    if not await connection.fetchval(MINE, caller.agency, key):
        raise NotFound
    return await _links(connection, caller, key, None, 1)


async def _links(
    connection: asyncpg.Connection,
    caller: Caller,
    about: UUID | None,
    after: UUID | None,
    most: int,
) -> Sequence[asyncpg.Record]:
    owners, opened = [one.owner for one in caller.agreed], openable(caller.agreed)
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        LINKS, owners, list(opened), about, after, most
    )
    return rows
