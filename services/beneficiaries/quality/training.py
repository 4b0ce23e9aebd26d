"""A training of the model on the registry's own data: opened, counted, forgotten.

Here it is counted how pairs agree; the numbers are fitted in a process of its own that
learns nothing else. What comes of it is a proposal: a person adopts it, or nobody does.
"""

import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import vetoes
from services.beneficiaries.linkage.actions import Matcher, opening
from services.beneficiaries.linkage.agreement import labels
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.quality import store
from services.beneficiaries.quality.drawing import Drawing
from services.beneficiaries.quality.rules import NothingToTrainOn, NotTrained
from services.beneficiaries.quality.weights import Proposal, Proposed, Share
from services.kit.audit import record
from services.kit.callers import Caller
from services.kit.database import Database
from services.kit.purposes import Purpose

FITTING = "services.beneficiaries.quality.fitting"
SEEDS = 5_000  # registrations, with their candidates
RANDOM_PAIRS = 100_000
FEWEST = 1_000  # registrations; of fewer the rarer levels are never seen
PATIENCE = 25.0  # seconds for the fitting; the gateway waits for thirty in all

Pattern = tuple[tuple[str, str], ...]
Patterns = Counter[Pattern]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training proposes, and on how much."""

    proposal: Proposal
    registrations: int
    pairs: int


class Counted(NamedTuple):
    """How pairs of the registry agree, at random and as candidates; of how many."""

    at_random: Patterns
    candidates: Patterns
    registrations: int


async def train(
    matcher: Matcher, database: Database, caller: Caller, request: UUID
) -> Trained:
    """Count how pairs of the registry agree, and fit the numbers.

    That people were opened stays on record, whatever comes of the fitting.
    """
    async with database.statements(caller.agency) as connection:
        counted = await count(matcher, connection, caller, request)
    proposal = await fit(counted.at_random, counted.candidates)
    return Trained(proposal, counted.registrations, counted.candidates.total())


async def count(
    matcher: Matcher, connection: asyncpg.Connection, caller: Caller, request: UUID
) -> Counted:
    if await store.registered(connection) < FEWEST:
        raise NothingToTrainOn
    names, drawing, candidates = matcher.census.names, Drawing(), Patterns()
    async for _, left, right in drawing.pairs(matcher.keyring, connection, SEEDS):
        if not refuted(agreed := labels(left, right, names)):
            candidates[tuple(agreed.items())] += 1
    everybody = list(drawing.seeds.values())
    at_random = await asyncio.to_thread(by_chance, everybody, names, RANDOM_PAIRS)
    await record(
        connection,
        opening(
            caller, request, "linkage:train", Purpose.LINKAGE, sorted(drawing.opened)
        ),
    )
    return Counted(at_random, candidates, len(drawing.opened))


def refuted(agreed: dict[str, str]) -> bool:
    """Whether a pair is a relative or a namesake: these would teach EM households."""
    return vetoes.refuted(agreed, vetoes.standing(agreed))


def by_chance(registered: Sequence[Traits], names: Frequencies, pairs: int) -> Patterns:
    """Count how two registrations agree that have met by chance."""
    chance = random.Random(pairs)  # noqa: S311 -- a sample, no secret
    found = Patterns()
    for _ in range(pairs):
        left, right = chance.sample(registered, 2)
        found[tuple(labels(left, right, names).items())] += 1
    return found


async def fit(at_random: Patterns, candidates: Patterns) -> Proposal:
    """Fit in another process, which is given neither a secret nor a person."""
    told = {"random": list(at_random.items()), "candidates": list(candidates.items())}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", FITTING),
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            answer, _ = await child.communicate(json.dumps(told).encode())
    except TimeoutError as cause:
        raise NotTrained from cause
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise NotTrained
    return read(answer)


def read(answer: bytes) -> Proposal:
    return {
        name: {
            label: Proposed(Share(*m), Share(*u)) for label, (m, u) in levels.items()
        }
        for name, levels in json.loads(answer).items()
    }
