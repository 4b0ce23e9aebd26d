"""The courier as a process: killed at any moment, it loses nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from services.kit.telemetry import Receive, Scope, Send
from tests.databases import Freshly
from tests.gateway.conftest import COURIER_SECRET, KEYS
from tests.gateway.receiving import (
    Office,
    Receiver,
    arrived,
    courier_url,
    opened,
    soon,
)
from tests.gateway.upstream import free_port, serving

CANARY = "kanarinjo"


@dataclass
class Collector:
    """What telemetry is sent to; it keeps all that it hears."""

    heard: dict[str, bytes] = field(default_factory=dict)

    async def has_heard(self) -> bool:
        counted = self.heard.get("/v1/metrics", b"")
        traced = self.heard.get("/v1/traces", b"")
        return b"uramost.webhook.deliveries" in counted and b"POST webhook" in traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            before = self.heard.get(scope["path"], b"")
            self.heard[scope["path"]] = before + message.get("body", b"")
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def office(fresh: Freshly) -> AsyncIterator[Office]:
    async with opened(fresh) as office:
        yield office


@asynccontextmanager
async def process(
    office: Office, door: str, telemetry: str, said: list[bytes]
) -> AsyncIterator[asyncio.subprocess.Process]:
    told = {
        "PATH": os.environ["PATH"],
        "COURIER_DATABASE": courier_url(office.house.database),
        "COURIER_EXCHANGE_SECRET": COURIER_SECRET,
        "COURIER_WEBHOOK_KEY": KEYS["webhook_key"],
        "COURIER_GATEWAY": door,
        "COURIER_PORT": str(free_port()),
        "COURIER_LOCAL_WEBHOOKS": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": telemetry,
        "OTEL_METRIC_EXPORT_INTERVAL": "100",  # milliseconds
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    command = (sys.executable, "-m", "gateway.courier")
    started = await asyncio.create_subprocess_exec(
        *command, env=told, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            said.append((await started.communicate())[1])


async def test_killed_it_loses_nothing_and_says_at_most_once_more_what_was_under_way(
    office: Office,
) -> None:
    receiver, collector, said = Receiver(), Collector(), list[bytes]()
    async with (
        serving(receiver) as url,
        serving(collector) as telemetry,
        serving(office.house.gateway) as door,
    ):
        async with process(office, door, telemetry, said) as courier:
            key, secret = await office.subscribed(f"{url}/{CANARY}?key={CANARY}")
            await office.happens(3)
            await arrived(receiver, 3)
            receiver.hold.clear()
            await office.happens(3)
            await under_way(receiver)
            courier.kill()
        receiver.hold.set()
        async with process(office, door, telemetry, said):
            await office.becomes(key, delivered=6)
            await soon(collector.has_heard)
    told = [event["id"] for event in receiver.taken]
    assert list(dict.fromkeys(told)) == [event["id"] for event in await office.polled()]
    assert len(told) == 7  # the one that was under way, twice
    assert len(receiver.verified(secret)) == 8
    assert said == [b"", b""]
    assert CANARY.encode() not in b"".join(collector.heard.values())


async def under_way(receiver: Receiver) -> None:
    async def held() -> bool:
        return len(receiver.seen) == 5

    await soon(held)
