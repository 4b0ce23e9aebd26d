"""Asking another service, with a passport that the gateway gives for it.

For a caller, the passport that was shown is exchanged (RFC 8693): the caller stays the
subject. Where no caller is behind it, the service asks in its own name (RFC 6749 §4.4),
which opens the feeds that it follows, and nothing else.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Self

import httpx
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import AnyHttpUrl, SecretStr

from services.kit.feed import LARGEST
from services.kit.following import Part, Source
from services.kit.refusals import Unavailable
from services.kit.telemetry import tracer

log = logging.getLogger("uramost")
PATIENCE: Final = httpx.Timeout(5.0)
WAIT: Final = 5  # seconds that a feed is listened to at once
LASTING: Final = httpx.Timeout(5.0, read=5.0 + WAIT)
GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
OWN: Final = "client_credentials"


@dataclass(frozen=True)
class Exchange:
    """The way from one service to the others, and to the gateway that lets it."""

    name: str
    client: httpx.AsyncClient
    url: str
    credentials: httpx.BasicAuth

    @classmethod
    @asynccontextmanager
    async def reach(
        cls, name: str, gateway: AnyHttpUrl, secret: SecretStr
    ) -> AsyncIterator[Self]:
        """Keep connections open; no proxy of the environment stands between."""
        credentials = httpx.BasicAuth(name, secret.get_secret_value())
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            yield cls(name, client, f"{base(gateway)}/exchange", credentials)

    async def passport_of(self, passport: str, audience: str) -> str:
        """Give a caller's passport for another service."""
        form = {
            "grant_type": GRANT,
            "subject_token": passport,
            "subject_token_type": JWT,
            "audience": audience,
        }
        return await self._granted(form)

    def feed(self, whom: str, at: AnyHttpUrl, path: str) -> Source:
        """Give another service's feed for services, as a follower reads it."""
        return partial(self._listen, whom, base(at), path)

    async def _listen(
        self, whom: str, at: str, path: str, after: str | None, /
    ) -> Part:
        passport = await self._granted({"grant_type": OWN, "audience": whom})
        headers = {"authorization": f"Bearer {passport}"}
        query = {"limit": LARGEST, "wait": WAIT} | ({"cursor": after} if after else {})
        asked = {"params": query, "timeout": LASTING}
        answer = await self.send(f"GET {path}", at + path, headers, **asked)
        return Part.model_validate(self.expected(answer, whom))

    async def _granted(self, form: Mapping[str, str]) -> str:
        asked = {"data": form, "auth": self.credentials}
        answer = await self.send("POST /exchange", self.url, {}, **asked)
        token: str = self.expected(answer, "the exchange")["access_token"]
        return token

    async def send(
        self,
        operation: str,
        url: str,
        headers: dict[str, str],
        **rest: Any,  # noqa: ANN401 -- httpx's own arguments
    ) -> httpx.Response:
        """Send within a span that is named by the operation and holds no URL."""
        with tracer.start_as_current_span(
            operation, kind=SpanKind.CLIENT, record_exception=False
        ):
            propagate.inject(headers)
            method = operation.partition(" ")[0]
            try:
                return await self.client.request(method, url, headers=headers, **rest)
            except httpx.TransportError as cause:
                raise Unavailable from cause

    def expected(self, answer: httpx.Response, whom: str) -> Any:  # noqa: ANN401 -- JSON
        if answer.status_code != HTTPStatus.OK:
            told = self.name, whom, answer.status_code
            log.warning("Asked by %s, %s answered %s.", *told)
            raise Unavailable
        return answer.json()


def base(url: AnyHttpUrl) -> str:
    return str(url).rstrip("/")
