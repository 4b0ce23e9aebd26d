"""Evaluations meet the people whom the registry would compare, and no others."""

import random
from typing import Any
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.store import HOLDERS, MOST
from services.beneficiaries.linkage.traits import traits_of
from services.beneficiaries.quality.matching import candidates, pair
from services.beneficiaries.registry.rules import Content
from tests.beneficiaries.conftest import Agency, registration
from tests.databases import Fresh

RANKED = "select candidate from linkage.ranked($1, '{}', $2)"
MANY = 2 * HOLDERS


def namesakes(count: int) -> list[dict[str, Any]]:
    """So many people with few names between them, and few years of birth."""
    chance = random.Random(5)
    return [
        registration(
            names={
                "given": chance.choice(("Agim", "Besa", "Cvetko")),
                "family": chance.choice(("Krasniqi", "Hoxha")),
            },
            birth={
                "value": f"197{chance.randrange(3)}-0{chance.randint(1, 9)}-11",
                "precision": "day",
            },
            source_id=f"namesake-{number}",
            documents=[],
            phones=[],
        )
        for number in range(count)
    ]


async def test_the_registry_and_an_evaluation_compare_the_same(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    owner = await asyncpg.connect(databases["beneficiaries"].superuser)
    known, met, fullest = dict[UUID, str](), set[tuple[str, str]](), 0
    bodies = namesakes(MANY)
    for body in bodies:
        id_ = UUID((await north.record(**body))["id"])
        known[id_] = body["source_id"]
        rows = await owner.fetch(RANKED, id_, MOST)
        met |= {pair(body["source_id"], known[row["candidate"]]) for row in rows}
        fullest = max(fullest, len(rows))
    await owner.close()
    assert fullest == MOST  # some were left out
    folded = {
        body["source_id"]: traits_of(Content.model_validate(body)) for body in bodies
    }
    assert met == set(candidates(folded))
