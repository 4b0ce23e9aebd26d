"""What the programme says in the end: published, counted, and what is true."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from deploy.published.__main__ import enter
from deploy.replay.demo import Enrolled
from deploy.replay.parties import NotReplayed, Party

OFFICER, OPERATOR = "undp-results", "undp-upkeep"
PATIENCE: Final = 120.0  # seconds, in which the counting must have come on
QUIET: Final = 2.0  # seconds without an event, at the end of every feed
EVERY: Final = 0.5


@dataclass(frozen=True)
class Line:
    """An indicator: what documents say, what was counted, and what is true."""

    title: str
    published: tuple[str, ...]
    counted: int | None
    truth: int | None

    @property
    def error(self) -> int | None:
        if self.counted is None or self.truth is None:
            return None
        return self.counted - self.truth


async def results(cast: Enrolled, truth: Mapping[str, int]) -> list[Line]:
    """Enter what was published, wait for the counting, and put all side by side."""
    officer = cast.client(OFFICER).at("programme")
    await asyncio.to_thread(_enter, cast)
    await _counted(cast.client(OPERATOR).at("programme"))
    return [_line(one, truth) async for one in officer.every("/results")]


def _enter(cast: Enrolled) -> None:
    secret = (cast.folder / OFFICER).read_text(encoding="ascii")
    with httpx.Client(base_url=cast.gateway, timeout=60, trust_env=False) as http:
        enter(http, OFFICER, secret)


async def _counted(operator: Party) -> None:
    """Wait until every feed is at its end, and has been for a while.

    A feed is at its end also for whoever reads while its newest events are numbered.
    """
    since, before = time.monotonic(), None
    while (quiet := time.monotonic() - since) < PATIENCE:
        feeds = await operator.look("/following")
        if (applied := [feed["applied"] for feed in feeds]) != before:
            since, before = time.monotonic(), applied
        elif quiet > QUIET and all(feed["behind"] < quiet for feed in feeds):
            return
        await asyncio.sleep(EVERY)
    sentence = f"The counting has stood still for {PATIENCE:.0f} seconds."
    raise NotReplayed(sentence)


def _line(result: Mapping[str, Any], truth: Mapping[str, int]) -> Line:
    indicator, counted = result["indicator"], result["counted"]
    stated = [*result["target"], *result["entered"]]
    return Line(
        title=indicator["titles"]["en"],
        published=tuple(_said(fact) for fact in stated if fact["value"] is not None),
        counted=None if counted is None else counted["value"],
        truth=truth.get(indicator["counted_as"]),
    )


def _said(fact: Mapping[str, Any]) -> str:
    """Write a fact as its document qualifies it."""
    qualifier = {"about": "about ", "up_to": "up to "}.get(fact["qualifier"], "")
    return f"{qualifier}{fact['value']}"
