"""Posts to an address outside: to a public one only, following nowhere, reading little.

A name is resolved once, all that it leads to is looked at, and the connection goes to
the very address that was looked at; the certificate must be the name's. So no name
leads into the network that the courier itself stands in.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final, Self

import httpcore

from gateway.courier.outcomes import Failed, Over
from gateway.webhooks.rules import Failure, Reason, failure_of, permitted

LONGEST: Final = 20.0  # seconds for a delivery as a whole
TIMEOUTS: Final = {"connect": 5.0, "read": 15.0, "write": 5.0, "pool": 5.0}
MOST: Final = 4096  # bytes of an answer that are looked at
OPEN: Final = 256  # connections
KEPT: Final = 20.0  # seconds that a connection is kept for the next event
GONE: Final = 410


class NotThere(httpcore.ConnectError):
    """A name leads to an address that nothing may be posted to, or to none."""


class Outside(httpcore.AsyncNetworkBackend):
    """Connects to public addresses alone."""

    def __init__(self, *, local: bool) -> None:
        self._local = local
        self._under = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: httpcore.ConnectError = NotThere()
        for address in await self._addresses(host, port):
            try:
                return await self._under.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as cause:
                failure = cause
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Resolve a name; one address that is not permitted spoils them all."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as cause:
            raise httpcore.ConnectError from cause
        addresses = [str(place[0]) for *_, place in found]
        if not all(permitted(ip_address(one), local=self._local) for one in addresses):
            raise NotThere
        return addresses


@dataclass(frozen=True, slots=True)
class Poster:
    """Connections to receivers, kept while they are fresh."""

    pool: httpcore.AsyncConnectionPool

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, local: bool, trust: ssl.SSLContext | None = None
    ) -> AsyncIterator[Self]:
        """Trust the usual authorities, unless told whom."""
        async with httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=OPEN,
            keepalive_expiry=KEPT,
            network_backend=Outside(local=local),
        ) as pool:
            yield cls(pool)

    async def post(self, endpoint: str, headers: Mapping[str, str], text: str) -> bytes:
        """Post, and give the beginning of the answer, or say how it failed."""
        with _classed():
            async with asyncio.timeout(LONGEST):
                status, answer = await self._post(endpoint, headers, text)
        if status == GONE:
            raise Over(Reason.GONE)
        if failure := failure_of(status):
            raise Failed(failure)
        return answer

    async def _post(
        self, endpoint: str, headers: Mapping[str, str], text: str
    ) -> tuple[int, bytes]:
        async with self.pool.stream(
            "POST",
            endpoint,
            headers=list(headers.items()),
            content=text.encode(),
            extensions={"timeout": TIMEOUTS},
        ) as answer:
            beginning = b""
            async for piece in answer.aiter_stream():
                beginning += piece
                if len(beginning) > MOST:
                    break
            return answer.status, beginning[:MOST]


@contextmanager
def _classed() -> Iterator[None]:
    """Leave of whatever went wrong its class: its words could tell the address."""
    try:
        yield
    except NotThere:
        raise Failed(Failure.ADDRESS) from None
    except (TimeoutError, httpcore.TimeoutException):
        raise Failed(Failure.TIMEOUT) from None
    except httpcore.ConnectError as cause:
        untrusted = isinstance(
            cause.__context__, ssl.SSLError
        )  # what httpcore left of it
        raise Failed(Failure.UNTRUSTED if untrusted else Failure.UNREACHABLE) from None
    except httpcore.NetworkError:
        raise Failed(Failure.UNREACHABLE) from None
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        raise Failed(Failure.FAULT) from None
