"""Samples for the reviewers: some of the links, and some of what was just not found.

A reviewer sees a sample like any other pair, and not which of the two it is. What they
find of it is a judgement like every other, so that a wrong link is mended by it too.
"""

import random
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.actions import Matcher, opening
from services.beneficiaries.linkage.scoring import Finding, Verdict, compare, verdict
from services.beneficiaries.quality import store
from services.beneficiaries.quality.drawing import Drawing
from services.beneficiaries.quality.store import Pair
from services.kit.audit import record
from services.kit.callers import Caller
from services.kit.purposes import Purpose

SEEDS = 2_000
DEPTH = 8.0  # bits under the lower cut-off: a true pair that was missed lies here


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many pairs wait for a reviewer now because of this draw."""

    linked: int
    below: int


async def sample(
    matcher: Matcher,
    connection: asyncpg.Connection,
    caller: Caller,
    request: UUID,
    most: int,
) -> Sampled:
    """Draw at most so many links, and as many pairs just under the lower cut-off."""
    names, drawing, under = matcher.census.names, Drawing(), dict[Pair, Finding]()
    async for pair, left, right in drawing.pairs(matcher.keyring, connection, SEEDS):
        if just_missed(finding := compare(left, right, names)):
            under[pair] = finding
    chosen = random.sample(list(under), min(most, len(under)))
    below = await store.sample_below(connection, {one: under[one] for one in chosen})
    linked = await store.sample_links(connection, most)
    share = len(drawing.seeds) / max(1, await store.registered(connection))
    await store.keep_draw(connection, len(under) / seen(share))
    purpose, opened = Purpose.STATISTICS, sorted(drawing.opened)
    await record(
        connection, opening(caller, request, "linkage:sample", purpose, opened)
    )
    return Sampled(linked, below)


def just_missed(finding: Finding) -> bool:
    near = finding.weight >= model.LOWER_CUTOFF - DEPTH
    return near and verdict(finding) is Verdict.NONE


def seen(share: float) -> float:
    """Tell how likely a pair is met where such a share of all was drawn: at an end."""
    return max(1 - (1 - share) ** 2, 1e-9)
