"""Carries a request to its service and gives back the answer as it comes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from gateway.connection import PATIENCE, BrokenOff, Connection
from services.kit.refusals import Refusal, Unavailable
from services.kit.telemetry import Receive

CONNECTING: Final = 2.0
IDLE: Final = 3.0  # seconds; uvicorn closes its side after five
MOST: Final = 256  # connections to one service
SAFE: Final = frozenset({"GET", "HEAD"})
# What a service hears of a caller's headers; the passport and the trace are added.
HEARD: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-length",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"transfer-encoding",
    }
)


class ClientGone(Refusal):
    """The client broke off before its request was whole."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body as ASGI brings it: its first piece here, the rest to come."""

    first: bytes
    more: bool
    chunked: bool
    receive: Receive

    async def rest(self) -> AsyncIterator[bytes]:
        more = self.more
        while more:
            piece, more = await next_piece(self.receive)
            if piece:
                yield self.framed(piece)
        if self.chunked:
            yield b"0\r\n\r\n"

    def framed(self, piece: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunked else piece

    def begun(self) -> bytes:
        """Give what can be sent at once: everything, if nothing more is to come."""
        begun = self.framed(self.first) if self.first else b""
        return begun if self.more or not self.chunked else begun + b"0\r\n\r\n"


async def next_piece(receive: Receive) -> tuple[bytes, bool]:
    try:
        async with asyncio.timeout(PATIENCE):
            message = await receive()
    except TimeoutError as cause:
        raise ClientGone from cause
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)


async def body_of(headers: dict[bytes, bytes], receive: Receive) -> Body:
    """Wait for a body's first piece, if the request has a body at all."""
    chunked = b"transfer-encoding" in headers
    if not chunked and headers.get(b"content-length", b"0") == b"0":
        return Body(b"", more=False, chunked=False, receive=receive)
    first, more = await next_piece(receive)
    return Body(first, more, chunked, receive)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a service: already in the service's own terms."""

    method: str
    target: str
    headers: dict[bytes, bytes]
    body: Body

    def head(self, host: str) -> bytes:
        first = f"{self.method} {self.target} HTTP/1.1\r\nhost: {host}\r\n"
        lines = [first.encode("latin-1")]  # as it came: the query is the caller's
        lines += [b"%b: %b\r\n" % header for header in self.headers.items()]
        return b"".join((*lines, b"\r\n"))


class Upstream:
    """A service as the gateway reaches it: connections, kept while they are fresh."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.port = parts.port or 80
        self._idle: deque[tuple[float, Connection]] = deque()
        self._places = asyncio.Semaphore(MOST)

    def answer(self, request: Request) -> "Answering":
        return Answering(self, request)

    async def ask(
        self, request: Request
    ) -> tuple[Connection, asyncio.Task[None] | None]:
        """Wait for one of the places, if all are taken, but not for ever; then ask."""
        if self._places.locked():
            try:
                async with asyncio.timeout(CONNECTING):
                    await self._places.acquire()
            except TimeoutError as cause:
                raise Unavailable from cause
        else:
            await self._places.acquire()
        try:
            return await self._ask(request)
        except BaseException:
            self._places.release()
            raise

    def put_back(self, connection: Connection, *, keep: bool) -> None:
        self._places.release()
        if keep and connection.reusable:
            self._idle.append((asyncio.get_running_loop().time(), connection))
        else:
            connection.close()

    async def _ask(
        self, request: Request
    ) -> tuple[Connection, asyncio.Task[None] | None]:
        kept = self._take()
        if kept is not None:
            try:
                return kept, await self._send(kept, request)
            except BrokenOff:
                if not _repeatable(request, kept):
                    raise
        connection = await self._connect()
        return connection, await self._send(connection, request)

    async def _send(
        self, connection: Connection, request: Request
    ) -> asyncio.Task[None] | None:
        body, sending = request.body, None
        if body.more:
            sending = asyncio.create_task(_stream(connection, body))
        try:
            head = request.head(f"{self.host}:{self.port}")
            await connection.ask(head + body.begun(), sending)
        except BaseException:
            _stop(sending)
            connection.close()
            raise
        return sending

    def _take(self) -> Connection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, connection = self._idle.pop()
            if connection.open and now - since < IDLE:
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECTING):
                _, connection = await loop.create_connection(
                    Connection, self.host, self.port
                )
        except OSError as cause:  # TimeoutError is one
            raise Unavailable from cause
        return connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()


class Answering:
    """Gives a connection on which an answer's head has come; keeps or closes it after.

    Written out: a generator's bookkeeping would show on the hot path.
    """

    __slots__ = ("_connection", "_request", "_sending", "_upstream")

    def __init__(self, upstream: Upstream, request: Request) -> None:
        self._upstream = upstream
        self._request = request

    async def __aenter__(self) -> Connection:
        self._connection, self._sending = await self._upstream.ask(self._request)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        unsent = _stop(self._sending)
        self._upstream.put_back(self._connection, keep=not unsent)


def _repeatable(request: Request, connection: Connection) -> bool:
    """Tell whether a request may go out again after a stale connection failed.

    Nothing came back, nothing of the client's body is gone, asking twice is harmless.
    """
    asked_twice_is_asked_once = request.method in SAFE
    return (
        asked_twice_is_asked_once and not connection.touched and not request.body.more
    )


async def _stream(connection: Connection, body: Body) -> None:
    async for piece in body.rest():
        await connection.write(piece)


def _stop(sending: asyncio.Task[None] | None) -> bool:
    """End what is still being sent; tell whether something was left unsent."""
    if sending is None:
        return False
    if sending.done():
        return sending.cancelled() or sending.exception() is not None
    sending.cancel()
    return True
