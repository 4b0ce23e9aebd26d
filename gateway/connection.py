"""One keep-alive connection to a service, carrying one exchange at a time.

Both ways stream with back-pressure: the service is not read while the client is slow,
and the client is not read while the service is slow.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final, cast

import httptools

from services.kit.refusals import Refusal

PATIENCE: Final = 30.0  # seconds for an answer to begin, or for its next piece
HELD: Final = 128 * 1024  # bytes of an answer kept before its service has to wait
INTERIM = 200

Headers = list[tuple[bytes, bytes]]


class BrokenOff(Refusal):
    """The service broke off before its answer was whole; it may have acted."""

    status = HTTPStatus.BAD_GATEWAY


class TooSlow(Refusal):
    """The service did not answer in time; it may have acted."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class Connection(asyncio.Protocol):
    """A connection as asyncio and httptools drive it, and as the gateway uses it."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._writable = asyncio.Event()
        self._writable.set()
        self._head: asyncio.Future[None] | None = None
        self._news: asyncio.Future[None] | None = None
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._keeps = False
        self.lost = False
        self.touched = False
        self.complete = True
        self.status = 0
        self.headers: Headers = []

    # What the gateway calls.

    async def ask(self, request: bytes, sending: asyncio.Task[None] | None) -> None:
        """Send a request (its body may still be on its way); wait for the head."""
        self._head = self._loop.create_future()
        self.touched = self.complete = self._keeps = False
        self.status, self.headers = 0, []
        self.transport.write(request)
        if self.lost:
            self._fail(BrokenOff())
        if sending is not None:
            await asyncio.wait(
                {self._head, sending}, return_when=asyncio.FIRST_COMPLETED
            )
            if not self._head.done():
                sending.result()  # raises why the request will never be whole
        late = self._loop.call_later(PATIENCE, self._fail, TooSlow())
        try:
            await self._head
        finally:
            late.cancel()

    async def write(self, piece: bytes) -> None:
        self.transport.write(piece)
        if not self._writable.is_set():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._writable.wait()
            except TimeoutError as cause:
                raise TooSlow from cause
        if self.lost:
            raise BrokenOff

    async def body(self) -> AsyncIterator[bytes]:
        """Give the answer's body piece by piece, as fast as it is taken."""
        while True:
            if self._pieces:
                yield self._taken()
            elif self.complete:
                return
            elif self.lost:
                raise BrokenOff
            else:
                await self._wait_for_news()

    def whole(self) -> bytes | None:
        """Give what is left of the body at once, if all of it is here already."""
        return self._taken() if self.complete else None

    def _taken(self) -> bytes:
        taken = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self._held > HELD and self.open:
            self.transport.resume_reading()
        self._held = 0
        return taken

    async def _wait_for_news(self) -> None:
        self._news = self._loop.create_future()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._news
        except TimeoutError as cause:
            raise TooSlow from cause

    @property
    def open(self) -> bool:
        """Tell whether the service has not hung up, as far as is known here."""
        return not self.lost and not self.transport.is_closing()

    @property
    def reusable(self) -> bool:
        return self.complete and self._keeps and self.open and not self._pieces

    def close(self) -> None:
        self.transport.abort()

    def _fail(self, failure: BaseException) -> None:
        if self._head is not None and not self._head.done():
            self._head.set_exception(failure)
            self.transport.abort()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(
            "asyncio.Transport", transport
        )  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        if self.complete:  # nobody asked for anything
            self.transport.abort()
            return
        self.touched = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        self.lost = True
        self._fail(BrokenOff())
        self._writable.set()
        self._tell()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What httptools calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        if self.status < INTERIM:
            self.headers = []
            return
        self._keeps = self._parser.should_keep_alive()
        if self._head is not None and not self._head.done():
            self._head.set_result(None)

    def on_body(self, piece: bytes) -> None:
        before = self._held
        self._pieces.append(piece)
        self._held += len(piece)
        if before <= HELD < self._held and self.open:
            self.transport.pause_reading()
        self._tell()

    def on_message_complete(self) -> None:
        if self.status >= INTERIM:
            self.complete = True
            self._tell()
