"""An office whose processes are killed: answers get lost, and a feed is followed on."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncpg

from bench.clients import Client, Json
from services.kit.refusals import Refusal
from tests.house import House

LOST = 0
UNSURE_OF = {LOST, 502, 503, 504}  # whether it was done, only the office knows
WAIT = 2  # seconds that a feed is listened to at once
PART = 500
AGAIN = 0.5  # seconds
Rows = list[asyncpg.Record]


async def send(
    client: Client,
    path: str,
    body: Json | None = None,
    verb: str = "POST",
    key: str | None = None,
) -> tuple[int, Json]:
    """Send once; `LOST` where no answer came."""
    try:
        answer = await client.request(verb, path, body, key)
    except (Refusal, AssertionError):  # the second: no token was to be had
        return LOST, {}
    return answer.status_code, answer.json() if answer.content else {}


async def ask(here: House, database: str, statement: str, *values: object) -> Rows:
    """Ask a database itself, past all of its services."""
    connection = await asyncpg.connect(here.url(database, "postgres"))
    try:
        rows: Rows = await connection.fetch(statement, *values)
    finally:
        await connection.close()
    return rows


@dataclass
class Reader:
    """An agency's system that follows a feed, whatever breaks off.

    It keeps the cursor once it has kept the events, so it can hear none twice.
    """

    client: Client
    service: str
    heard: dict[str, Json] = field(default_factory=dict)
    cursor: str | None = None
    breaks: int = 0

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:
            if not await self.step(WAIT):
                self.breaks += 1
                await asyncio.sleep(AGAIN)

    async def step(self, wait: int) -> bool:
        """Read what comes next; tell whether the office answered."""
        query = f"limit={PART}&wait={wait}"
        if self.cursor is not None:
            query += f"&cursor={self.cursor}"
        path = f"/{self.service}/feed?{query}"
        status, part = await send(self.client, path, verb="GET")
        if status in UNSURE_OF:
            return False
        assert status == 200, (status, part)
        for event in part["items"]:
            assert event["id"] not in self.heard, "an event was told twice"
            self.heard[event["id"]] = event
        self.cursor = part["next"]
        return True

    async def rest(self, expected: int, kind: str, patience: float = 300.0) -> None:
        """Read on until so many of a kind were heard, and whether there are more."""
        async with asyncio.timeout(patience):
            while self.count(kind) < expected:
                await self.step(WAIT)
        await self.step(1)

    def count(self, kind: str) -> int:
        return sum(len(told) for told in self.told(kind).values())

    def told(self, kind: str) -> Mapping[str, list[str]]:
        """Give by record what was told of a kind, in its order."""
        found = defaultdict[str, list[str]](list)
        begin = f"org.uramost.{kind}."
        for one in self.heard.values():
            if one["type"].startswith(begin):
                found[one["subject"]].append(one["type"].removeprefix(begin))
        return found
