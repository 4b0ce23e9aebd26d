"""Small real servers for the gateway to forward to: one that behaves, and raw ones."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import uvicorn

from services.kit.telemetry import App, Receive, Scope, Send

Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """Serve an application by HTTP on a port of its own."""
    # Of TCP by name: else asyncio lets an answer's body wait for an acknowledgement.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http="httptools",
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn tells by this alone
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()


@asynccontextmanager
async def serving_raw(handle: Raw) -> AsyncIterator[str]:
    """Serve bytes by hand, for what no well-made server would do."""

    async def handled(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await handle(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass
class Echo:
    """A service that tells what reached it, and streams on demand."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    streamed: int = 0
    produced: int = 0
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        told: dict[str, Any] = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "headers": headers,
        }
        self.seen.append(told)
        digest, length, more = sha256(), 0, True
        while more:
            message = await receive()
            piece = message.get("body", b"")
            digest.update(piece)
            length += len(piece)
            more = message.get("more_body", False)
        told |= {"length": length, "digest": digest.hexdigest()}
        await self._answer(send, told)

    async def _answer(self, send: Send, told: dict[str, Any]) -> None:
        kind = (b"content-type", b"application/json")
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": [kind, *self.headers]})
        piece = bytes(64 * 1024)
        for _ in range(self.streamed):
            body = {"type": "http.response.body", "body": piece, "more_body": True}
            await send(body)
            self.produced += len(piece)
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})
