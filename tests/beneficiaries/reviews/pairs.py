"""Pairs as the matcher would have left them, whatever its numbers are today."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from services.kit.ids import new_id
from tests.beneficiaries.conftest import Agency
from tests.databases import Fresh

Json = dict[str, Any]
Evidence = list[tuple[str, str, float]]
PLAIN: Evidence = [("given", "same", 7.5), ("family", "same", 6.5), ("sex", "same", 1)]
TWINS: Evidence = [
    ("given", "near", -2.0),
    ("family", "same", 6.5),
    ("birth", "same", 14),
]
REASON = {"reason": "documents_seen"}
LETTERS = "BCDFGHJKLMNPRSTVZ"


def somebody(number: int) -> Json:
    """Make up somebody whom the matcher takes for nobody else of these."""
    one, two = LETTERS[number % 17], LETTERS[(number * 5 + 3) % 17]
    return {
        "names": {"given": f"{one}a{two}ela", "family": f"{two}o{one}uni"},
        "sex": "unknown",
        "birth": {"value": str(1930 + 3 * number), "precision": "year"},
        "documents": [],
        "phones": [],
        "address": None,
        "place": None,
    }


async def found(  # noqa: PLR0913 -- what the matcher says of whom
    database: Fresh,
    agency: Agency,
    one: Json,
    other: Json,
    verdict: str = "unsure",
    evidence: Evidence = PLAIN,
    prior: float = -11.0,
) -> None:
    """Let the matcher have found this of a pair of which one is the agency's."""
    low, high = sorted((UUID(one["id"]), UUID(other["id"])))
    weight = prior + sum(level[2] for level in evidence)
    connection = await asyncpg.connect(database.url)
    try:
        async with connection.transaction():
            await connection.execute(f"set local app.agency = '{agency.name}'")
            await connection.execute(
                "select linkage.judge($1, $2, $3, $4, $5, $6::jsonb[])",
                *([new_id()], [low], [high], [verdict], [weight]),
                [json.dumps(evidence)],
            )
    finally:
        await connection.close()


async def waiting(agency: Agency, query: str = "") -> list[Json]:
    answer = await agency.get(f"/reviews{query}")
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def judge(agency: Agency, review: Json | str, verdict: str) -> Json:
    key = review if isinstance(review, str) else review["id"]
    answer = await agency.post(
        f"/reviews/{key}/judgement", {"verdict": verdict} | REASON
    )
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def undo(agency: Agency, judgement: Json) -> Json:
    answer = await agency.post(f"/judgements/{judgement['id']}/undo", REASON)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made
