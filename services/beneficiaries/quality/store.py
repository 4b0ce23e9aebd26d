"""Every query of quality, through the window's functions: it concerns all agencies."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.scoring import Finding
from services.beneficiaries.quality.rules import Sizes, Stratum
from services.kit.ids import new_id

ONCE = 500  # rows at a time: as long as they are opened, nothing else is served
Rows = Sequence[asyncpg.Record]

# A cursor takes no parameters; both are numbers of ours.
DRAWN = "declare drawn no scroll cursor for select * from linkage.drawn({:d}, {:d})"
NEXT = f"fetch {ONCE} from drawn"
LINKS = "select linkage.sample_links($1)"
BELOW = "select linkage.sample_below($1, $2, $3, $4, $5, $6::jsonb[])"


class Pair(NamedTuple):
    low: UUID
    high: UUID


async def registered(connection: asyncpg.Connection) -> int:
    """Count everybody who can be linked, of whatever agency."""
    count: int = await connection.fetchval("select linkage.registered()")
    return count


async def drawn(
    connection: asyncpg.Connection, seeds: int, beside: int
) -> AsyncIterator[Rows]:
    """Give registrations drawn at random, then so many candidates of each, sealed.

    They come in chunks, each a row of `(registration, candidate, traits)`.
    """
    await connection.execute(DRAWN.format(seeds, beside))
    while rows := await connection.fetch(NEXT):
        yield rows


async def sample_links(connection: asyncpg.Connection, most: int) -> int:
    """Ask reviewers of so many of the matcher's links, and say how many it became."""
    asked: int = await connection.fetchval(LINKS, [new_id() for _ in range(most)])
    return asked


async def sample_below(
    connection: asyncpg.Connection, found: Mapping[Pair, Finding]
) -> int:
    """Ask reviewers of pairs that the matcher left; none that was judged before."""
    asked: int = await connection.fetchval(
        BELOW,
        [new_id() for _ in found],
        [new_id() for _ in found],
        [pair.low for pair in found],
        [pair.high for pair in found],
        [one.weight for one in found.values()],
        [json.dumps(one.levels) for one in found.values()],
    )
    return asked


async def keep_draw(connection: asyncpg.Connection, below: float) -> None:
    """Keep how many pairs the registry is taken to have just under the cut-off."""
    await connection.execute("select linkage.keep_draw($1, $2)", new_id(), below)


async def sizes(connection: asyncpg.Connection) -> Sizes:
    row = await connection.fetchrow("select * from linkage.strata()")
    return {
        Stratum.LINKED: row["linked"],
        Stratum.QUEUED: row["queued"],
        Stratum.BELOW: await connection.fetchval("select linkage.last_below()"),
    }


async def reviewed(connection: asyncpg.Connection, most: int) -> Rows:
    """Give `(low, high, stratum, same, agencies)` of what reviewers have judged."""
    rows: Rows = await connection.fetch("select * from linkage.reviewed($1)", most)
    return rows


async def ends(connection: asyncpg.Connection, most: int) -> Rows:
    """Give `(registration, version, personal, communities)`, sealed, of the same."""
    rows: Rows = await connection.fetch("select * from linkage.ends($1)", most)
    return rows


async def kept_report(connection: asyncpg.Connection) -> Any:  # noqa: ANN401 -- as it was kept
    """Give today's report, if somebody has asked for it today."""
    kept = await connection.fetchval("select linkage.kept_report()")
    return kept and json.loads(kept)


async def keep_report(connection: asyncpg.Connection, report: object) -> Any:  # noqa: ANN401 -- as it was kept
    """Keep a report for the day; of two made at one instant the first counts."""
    told = json.dumps(report)
    return json.loads(
        await connection.fetchval("select linkage.keep_report($1::jsonb)", told)
    )
