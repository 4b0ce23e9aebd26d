"""Who a registration is: asked of beneficiaries, in the caller's own name.

Employment exchanges the passport it was shown for one that beneficiaries reads
(RFC 8693): the caller stays the subject, and sees no more than it could itself.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import UUID

import httpx
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from services.employment.settings import Settings
from services.kit.callers import REQUEST_ID
from services.kit.refusals import NotFound, NotPermitted, Refusal, Unavailable
from services.kit.telemetry import tracer

log = logging.getLogger("uramost")
PATIENCE: Final = httpx.Timeout(5.0)
GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
REFUSALS: Final[dict[int, type[Refusal]]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.FORBIDDEN: NotPermitted,
}


class Person(BaseModel):
    """A person key, which stays inside; contested while judgements contradict."""

    person: UUID
    contested: bool


@dataclass(frozen=True)
class Persons:
    """The way to beneficiaries, through the gateway's exchange."""

    client: httpx.AsyncClient
    exchange: str
    persons: str
    credentials: httpx.BasicAuth

    @classmethod
    @asynccontextmanager
    async def reach(cls, settings: Settings) -> AsyncIterator[Self]:
        """Keep connections open; no proxy of the environment stands between."""
        secret = settings.exchange_secret.get_secret_value()
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            yield cls(
                client,
                f"{str(settings.gateway).rstrip('/')}/exchange",
                f"{str(settings.beneficiaries).rstrip('/')}/persons/of",
                httpx.BasicAuth("employment", secret),
            )

    async def of(self, registration: UUID, passport: str, request: UUID) -> Person:
        """Give the person behind one of the caller's own registrations."""
        exchanged = await self._exchanged(passport)
        headers = {"authorization": f"Bearer {exchanged}", REQUEST_ID: str(request)}
        url = f"{self.persons}/{registration}"
        answer = await self._send("GET /persons/of/{registration}", url, headers)
        if answer.status_code in REFUSALS:
            raise REFUSALS[answer.status_code]
        return Person.model_validate(_expected(answer, "beneficiaries"))

    async def _exchanged(self, passport: str) -> str:
        form = {
            "grant_type": GRANT,
            "subject_token": passport,
            "subject_token_type": JWT,
            "audience": "beneficiaries",
        }
        answer = await self._send(
            "POST /exchange", self.exchange, {}, data=form, auth=self.credentials
        )
        token: str = _expected(answer, "the exchange")["access_token"]
        return token

    async def _send(
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


def _expected(answer: httpx.Response, whom: str) -> dict[str, Any]:
    if answer.status_code != HTTPStatus.OK:
        log.warning("Asked by employment, %s answered %s.", whom, answer.status_code)
        raise Unavailable
    said: dict[str, Any] = answer.json()
    return said
