"""Turns: clients are served one after the other, however much one of them sends.

A service is given a bounded number of requests at once. Where more wait, each client
has a line of its own and the lines take turns, so a burst of one agency delays that
agency and hardly anybody else.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import MappingProxyType

from services.kit.refusals import Refusal, Unavailable

LASTING = 4  # files on their way and streams of events, of one client at once
AT_ONCE = 8  # a service computes on one core; more at once only wait in it, unfairly
LONGEST = 4096  # requests of one client that may wait

Line = deque["asyncio.Future[None]"]


class TooManyAtOnce(Refusal):
    """As many files and streams of this client are open as may be; close one first."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"retry-after": "5"})


class Lasting:
    """Requests that last, mostly by waiting: bounded for each client, in no line."""

    def __init__(self, most: int = LASTING) -> None:
        self._most = most
        self._open = Counter[str]()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        if self._open[client] >= self._most:
            raise TooManyAtOnce
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]


class Turns:
    """The lines before one service."""

    def __init__(self, at_once: int = AT_ONCE, longest: int = LONGEST) -> None:
        self._free = at_once
        self._longest = longest
        self._lines: dict[str, Line] = {}  # in the order of whose turn is next

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn of this client, and give it on afterwards."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._give_on()

    async def _wait(self, client: str) -> None:
        line = self._lines.setdefault(client, deque())
        if len(line) >= self._longest:
            raise Unavailable
        mine = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._give_on()  # the turn came as the client went
            raise

    def _give_on(self) -> None:
        """Let the first of the next line go; that line then waits behind the others."""
        while self._lines:
            client = next(iter(self._lines))
            line = self._lines.pop(client)
            first = line.popleft()
            if line:
                self._lines[client] = line
            if not first.done():
                first.set_result(None)
                return
        self._free += 1
