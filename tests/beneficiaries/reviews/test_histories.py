"""Whatever reviewers do, in whatever order: the persons are those of what remains."""

import json
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.beneficiaries.linkage.rules import (
    Judged,
    Member,
    Verdict,
    cases,
    pair,
    places,
)
from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import (
    PLAIN,
    REASON,
    TWINS,
    Json,
    found,
    somebody,
    waiting,
)
from tests.databases import Fresh

STEPS = 40
Act = Callable[[], Awaitable[None]]


class History:
    """A random history of two agencies and the desk, from a seed that is told."""

    def __init__(
        self, chance: random.Random, agencies: list[Agency], database: Fresh
    ) -> None:
        self.chance = chance
        self.agencies = agencies
        self.database = database
        self.recorded: list[tuple[Agency, Json]] = []

    @property
    def someone(self) -> Agency:
        """A reviewer of one of the three."""
        agency = self.chance.choice(self.agencies)
        return agency.by(self.chance.choice(("ana", "besa", "cveta")))

    @property
    def verdict(self) -> Verdict:
        """More often "same": contradictions need several."""
        return self.chance.choices(list(Verdict), (4, 2, 1))[0]

    async def find(self) -> None:
        (agency, one), (_, other) = self.chance.sample(self.recorded, 2)
        evidence = self.chance.choice((PLAIN, PLAIN, TWINS))
        await found(self.database, agency, one, other, "unsure", evidence)

    async def act_on_a_review(self) -> None:
        reviewer = self.someone
        if not (open_ := await waiting(reviewer)):
            return
        path = f"/reviews/{self.chance.choice(open_)['id']}"
        act = self.chance.choice(("judgement",) * 5 + ("claim", "second-opinion"))
        body = {"verdict": self.chance.choice(list(Verdict))} | REASON
        answer = await reviewer.post(
            f"{path}/{act}", body if act == "judgement" else None
        )
        assert answer.status_code in {200, 201, 409}, answer.text
        if act == "claim" and self.chance.random() < 0.5:
            await reviewer.request("DELETE", f"{path}/claim")

    async def act_on_a_judgement(self) -> None:
        reviewer = self.someone
        standing = (await reviewer.get("/judgements")).json()["items"]
        if not standing:
            return
        path = f"/judgements/{self.chance.choice(standing)['id']}"
        if self.chance.random() < 0.6:
            answer = await reviewer.post(f"{path}/undo", REASON)
        else:
            body = {"verdict": self.verdict} | REASON
            answer = await reviewer.post(f"{path}/revision", body)
        assert answer.status_code in {201, 409}, answer.text

    async def live(self) -> None:
        for number in range(5):
            agency = self.agencies[number % 2]
            self.recorded.append((agency, await agency.record(**somebody(number))))
        for _ in range(STEPS):
            acts: list[Act] = [self.find, self.act_on_a_review, self.act_on_a_judgement]
            await self.chance.choices(acts, (3, 4, 2))[0]()


async def kept(database: Fresh) -> dict[str, Any]:
    """Read what remains, as the owner of everything may."""
    connection = await asyncpg.connect(database.superuser)
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )
    try:
        return {
            name: await connection.fetch(f"select * from {name} order by 1")
            for name in ("membership", "judgement", "review")
        }
    finally:
        await connection.close()


@pytest.mark.parametrize("seed", range(2))
async def test_after_any_history_the_persons_are_those_of_what_remains(
    seed: int, north: Agency, south: Agency, desk: Agency, databases: dict[str, Fresh]
) -> None:
    database = databases["beneficiaries"]
    await History(random.Random(seed), [north, south, desk], database).live()
    tables = await kept(database)
    members = [
        Member(row["registration"], row["agency"], row["since"])
        for row in tables["membership"]
    ]
    remaining = [
        Judged(row["low"], row["high"], Verdict(row["verdict"]))
        for row in tables["judgement"]
        if row["superseded_at"] is None
    ]
    expected = {
        place.registration: tuple(place) for place in places(members, remaining)
    }
    columns = ("registration", "component", "person", "own", "contested")
    assert {
        row["registration"]: tuple(row[name] for name in columns)
        for row in tables["membership"]
    } == expected
    assert cases_of(tables) == {tuple(one) for one in cases(members, remaining)}
    assert doubts(tables) <= asked(tables)


def cases_of(tables: dict[str, Any]) -> set[tuple[UUID, UUID, str]]:
    return {
        (row["low"], row["high"], row["audience"])
        for row in tables["review"]
        if row["kind"] == "contradiction" and row["closed_at"] is None
    }


def doubts(tables: dict[str, Any]) -> set[tuple[UUID, UUID]]:
    """Pairs of which the matcher is unsure, and that nothing else has joined."""
    stands = {row["registration"]: row for row in tables["membership"]}
    return {
        pair(row["low"], row["high"])
        for row in tables["judgement"]
        for low, high in [(stands[row["low"]], stands[row["high"]])]
        if row["superseded_at"] is None
        and row["verdict"] == "unsure"
        and row["made_by"] == "matcher"
        and low["person"] != high["person"]
        and low["own"] != high["own"]
    }


def asked(tables: dict[str, Any]) -> set[tuple[UUID, UUID]]:
    return {
        pair(row["low"], row["high"])
        for row in tables["review"]
        if row["closed_at"] is None
    }
