"""What must be refused: a second full-time placement of somebody in the same days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from deploy.replay.jobs import Market, find
from deploy.replay.people.files import Plan

OWN: Final = 2  # tries of each agency with somebody whom it has placed itself
KIND: Final = "overlapping"


@dataclass
class Tries:
    """How many second placements were tried, and how many of them refused."""

    own: int = 0
    own_refused: int = 0
    across: int = 0
    across_refused: int = 0


async def try_twice(markets: Mapping[str, Market], plan: Plan) -> Tries:
    """Try what the database excludes: within an agency, and across two.

    Across two it is refused only where the registry has found both registrations to be
    one person. What is not refused is taken back: it never starts, and is not counted.
    """
    tries = Tries()
    for market in markets.values():
        placed = [(key, one) for key, one in market.placed.items() if one["full_time"]]
        for source, placement in placed[:OWN]:
            tries.own += 1
            tries.own_refused += await _refused(market, source, placement)
    for agency, source, other, theirs in plan.twice:
        first = markets[agency].placed.get(source)
        if first is not None and first["full_time"]:
            await find(markets[other], [theirs])
            tries.across += 1
            tries.across_refused += await _refused(markets[other], theirs, first)
    return tries


async def _refused(market: Market, source: str, placement: dict[str, Any]) -> bool:
    days = {name: placement[name] for name in ("starts_on", "ends_on")}
    content = days | {
        "vacancy": market.full_time[-1],
        "registration": market.registrations[source],
        "overlap_check_consented": True,
        "status": "accepted",
    }
    told = await market.placing.attempt("/placements", content)
    if "id" not in told:
        return True
    over = {"status": "withdrawn", "why": "by_agency"}
    await market.placing.post(f"/placements/{told['id']}/steps", over)
    return False
