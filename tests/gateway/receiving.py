"""A gateway before a real feed, the courier beside it, and receivers of webhooks."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
from httpx import ASGITransport, AsyncClient, BasicAuth, Response
from standardwebhooks import Webhook as Signing

from gateway.app import create_app
from gateway.courier.delivery import Means
from gateway.courier.door import Door
from gateway.courier.posting import Poster
from gateway.courier.rounds import Rounds
from gateway.policy import Role
from gateway.webhooks.vault import Vault
from services.grants.feed.api import router
from services.kit import outbox, service
from services.kit.database import connect_pool
from services.kit.outbox import Event
from services.kit.settings import Settings
from services.kit.telemetry import Receive, Scope, Send
from tests.databases import Fresh, Freshly, addressed
from tests.gateway.conftest import COURIER_SECRET, ISSUER, KEYS, House, settings_for
from tests.gateway.upstream import Echo, serving

Json = dict[str, Any]
OFFICER = Role.GRANTS_OFFICER
CHALLENGE = "org.uramost.webhook.challenge"


@dataclass
class Receiver:
    """An agency's own system: it takes what it is posted, unless it is told not to."""

    answers: list[int] = field(default_factory=list)  # before it takes anything
    proves: bool = True
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[Json] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append((headers, body))
        await self.hold.wait()
        event = json.loads(body)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200 and event["type"] != CHALLENGE:
            self.taken.append(event)
        start = {"type": "http.response.start", "status": status}
        await send({**start, "headers": self.headers})
        said = json.dumps(event["data"]) if self.proves else "thank you"
        await send({"type": "http.response.body", "body": said.encode()})

    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.seen]

    def verified(self, secret: str) -> list[Json]:
        """Verify everything that came, as Standard Webhooks has it."""
        return [Signing(secret).verify(body, headers) for headers, body in self.seen]


@dataclass
class Office:
    """An agency with a feed of grants, and whoever has it posted somewhere."""

    house: House
    grants: asyncpg.Connection
    above: asyncpg.Connection  # the superuser's: no owner sees a row
    bearer: dict[str, str]

    async def happens(self, count: int = 1, audience: str = "north") -> list[str]:
        """Let something happen to applications; give the ids of what is told of it."""
        events = [
            Event("application.submitted", uuid4(), audience, {"number": number})
            for number in range(count)
        ]
        async with self.grants.transaction():
            await outbox.publish(self.grants, *events)
        return [str(event.subject) for event in events]

    async def post(
        self, path: str, bearer: dict[str, str] | None = None, body: Json | None = None
    ) -> Response:
        headers = bearer or self.bearer
        return await self.house.client.post(path, json=body, headers=headers)

    async def subscribed(self, endpoint: str, **more: str) -> tuple[str, str]:
        """Subscribe; give the webhook's id and its secret."""
        body = {"feed": "grants", "endpoint": endpoint} | more
        answer = await self.post("/webhooks", body=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["webhook"]["id"], answer.json()["secret"]

    async def read(self, key: str) -> Json:
        answer = await self.house.client.get(f"/webhooks/{key}", headers=self.bearer)
        shown: Json = answer.json()
        return shown

    async def poll(self) -> Json:
        answer = await self.house.client.get("/grants/feed", headers=self.bearer)
        part: Json = answer.json()
        return part

    async def polled(self) -> list[Json]:
        items: list[Json] = (await self.poll())["items"]
        return items

    async def cursor(self) -> str:
        return str((await self.poll())["next"])

    async def becomes(self, key: str, **expected: object) -> Json:
        """Wait until the webhook says this of itself."""
        shown: Json = {}

        async def said() -> bool:
            nonlocal shown
            shown = await self.read(key)
            return shown | expected == shown

        await soon(said, lambda: f"{shown} is not {expected}")
        return shown


async def soon(
    holds: Callable[[], Awaitable[bool]], otherwise: Callable[[], str] = str
) -> None:
    try:
        async with asyncio.timeout(60):
            while not await holds():  # noqa: ASYNC110 -- others' clocks are what is asked
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(otherwise()) from None


async def arrived(receiver: Receiver, count: int) -> None:
    async def there() -> bool:
        return len(receiver.taken) >= count

    await soon(there, lambda: f"{len(receiver.taken)} of {count} have arrived")


def courier_url(database: Fresh) -> str:
    return addressed(database.superuser, database.name, "courier")


@asynccontextmanager
async def working(house: House, patience: int = 7) -> AsyncIterator[Rounds]:
    """Let a courier work beside the gateway, through whose door it reads."""
    url = courier_url(house.database)
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(await connect_pool(url, most=2))
        poster = await open_.enter_async_context(Poster.open(local=True))
        transport = ASGITransport(house.gateway)
        inside = AsyncClient(transport=transport, base_url=ISSUER)
        client = await open_.enter_async_context(inside)
        door = Door(client, BasicAuth("courier", COURIER_SECRET))
        vault = Vault.of(KEYS["webhook_key"])
        days = timedelta(days=patience)
        rounds = Rounds(url, Means(door, poster, vault, pool, days))
        await open_.enter_async_context(rounds.running())
        yield rounds


@asynccontextmanager
async def opened(fresh: Freshly) -> AsyncIterator[Office]:
    """Open a gateway before the real feed of grants."""
    database, grants = await fresh("gateway"), await fresh("grants")
    owner = await asyncpg.connect(database.owner)
    writing = await asyncpg.connect(grants.url)
    above = await asyncpg.connect(database.superuser)
    gateway = create_app(settings_for(database.url, "http://127.0.0.1:1"))
    told = Settings(database=grants.url, port=1, audit_key=KEYS["audit_key"])
    feed = service.create("grants", told, gateway.passports.public, (router,), None)  # type: ignore[arg-type]  # run by hand
    async with service.running(feed, told), serving(feed) as upstream:
        gateway = create_app(settings_for(database.url, upstream))
        inside = AsyncClient(transport=ASGITransport(gateway), base_url=ISSUER)
        async with gateway.running(), inside as client:
            house = House(gateway, client, Echo(), database, owner)
            yield Office(house, writing, above, await house.bearer(OFFICER))
    await writing.close()
    await above.close()
    await owner.close()
