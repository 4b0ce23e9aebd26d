"""What the other services know: asked of them, in the caller's own name.

Employment exchanges the passport it was shown for one that the other service reads
(RFC 8693): the caller stays the subject, and sees no more than it could itself.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import UUID

import httpx
from fastapi import Request
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from services.employment.settings import Settings
from services.kit.callers import REQUEST_ID
from services.kit.following import Part
from services.kit.refusals import NotFound, NotPermitted, Refusal, Unavailable
from services.kit.telemetry import tracer

log = logging.getLogger("uramost")
PATIENCE: Final = httpx.Timeout(5.0)
GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
OWN: Final = "client_credentials"
WAIT: Final = 5  # seconds that the feed is listened to at once
MOST: Final = 200
LASTING: Final = httpx.Timeout(5.0, read=5.0 + WAIT)
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
REFUSALS: Final[Mapping[int, type[Refusal]]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.FORBIDDEN: NotPermitted,
}


class Person(BaseModel):
    """A person key, which stays inside; contested while judgements contradict.

    `moves` counts how often the registration has got another one: the higher is later.
    """

    person: UUID
    contested: bool
    moves: int = 0


class Names(BaseModel):
    """What somebody is called; of a registration, nothing else is read."""

    given: str | None
    family: str | None


class Registration(BaseModel):
    names: Names


class Moment(BaseModel):
    """What happened to one of the caller's registrations, and when."""

    at: datetime
    what: str
    registration: UUID


class Organisation(BaseModel):
    id: UUID
    name: str
    municipality: str | None


@dataclass(frozen=True)
class Neighbours:
    """The way to beneficiaries and grants, through the gateway's exchange."""

    client: httpx.AsyncClient
    exchange: str
    urls: Mapping[str, str]
    credentials: httpx.BasicAuth

    @classmethod
    @asynccontextmanager
    async def reach(cls, settings: Settings) -> AsyncIterator[Self]:
        """Keep connections open; no proxy of the environment stands between."""
        told = (settings.beneficiaries, settings.grants)
        urls = [str(url).rstrip("/") for url in told]
        secret = settings.exchange_secret.get_secret_value()
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            yield cls(
                client,
                f"{str(settings.gateway).rstrip('/')}/exchange",
                dict(zip(("beneficiaries", "grants"), urls, strict=True)),
                httpx.BasicAuth("employment", secret),
            )

    async def person(self, registration: UUID, passport: str, request: UUID) -> Person:
        """Give the person behind one of the caller's own registrations."""
        path = "/persons/of/{key}"
        found = await self._ask("beneficiaries", path, registration, passport, request)
        return Person.model_validate(found)

    async def names(self, registration: UUID, passport: str, request: UUID) -> Names:
        """Give the names in one of the caller's own registrations; kept nowhere."""
        path = "/registrations/{key}"
        found = await self._ask("beneficiaries", path, registration, passport, request)
        return Registration.model_validate(found).names

    async def timeline(
        self, registration: UUID, passport: str, request: UUID
    ) -> list[Moment]:
        """Give what happened to the caller's own registrations of one person."""
        path = "/registrations/{key}/timeline"
        found = await self._ask("beneficiaries", path, registration, passport, request)
        return [Moment.model_validate(one) for one in found]

    async def organisation(
        self, organisation: UUID, passport: str, request: UUID
    ) -> Organisation:
        """Give an organisation as grants shows it to the caller."""
        path = "/organisations/{key}"
        found = await self._ask("grants", path, organisation, passport, request)
        return Organisation.model_validate(found)

    async def persons(self, after: str | None) -> Part:
        """Follow what happens to persons, waiting a while where nothing does."""
        form = {"grant_type": OWN, "audience": "beneficiaries"}
        headers = {"authorization": f"Bearer {await self._granted(form)}"}
        query = {"limit": MOST, "wait": WAIT} | ({"cursor": after} if after else {})
        url = self.urls["beneficiaries"] + "/persons/feed"
        path = "GET /persons/feed"
        answer = await self._send(path, url, headers, params=query, timeout=LASTING)
        return Part.model_validate(_expected(answer, "beneficiaries"))

    async def _ask(
        self, whom: str, path: str, key: UUID, passport: str, request: UUID
    ) -> Any:  # noqa: ANN401 -- whatever JSON was answered
        exchanged = await self._exchanged(passport, whom)
        headers = {"authorization": f"Bearer {exchanged}", REQUEST_ID: str(request)}
        url = self.urls[whom] + path.format(key=key)
        answer = await self._send(f"GET {path}", url, headers)
        if answer.status_code in REFUSALS:
            raise REFUSALS[answer.status_code]
        return _expected(answer, whom)

    async def _exchanged(self, passport: str, audience: str) -> str:
        form = {
            "grant_type": GRANT,
            "subject_token": passport,
            "subject_token_type": JWT,
            "audience": audience,
        }
        return await self._granted(form)

    async def _granted(self, form: Mapping[str, str]) -> str:
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


def _expected(answer: httpx.Response, whom: str) -> Any:  # noqa: ANN401 -- JSON
    if answer.status_code != HTTPStatus.OK:
        log.warning("Asked by employment, %s answered %s.", whom, answer.status_code)
        raise Unavailable
    return answer.json()


async def neighbours(request: Request) -> Neighbours:
    found: Neighbours = request.app.state.neighbours
    return found
