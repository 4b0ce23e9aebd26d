"""What the other services know: asked of them, in the caller's own name.

Employment exchanges the passport it was shown for one that the other service reads: the
caller stays the subject, and sees no more than it could itself.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from services.employment.settings import Settings
from services.kit.callers import REQUEST_ID
from services.kit.exchange import Exchange, base
from services.kit.following import Source
from services.kit.refusals import NotFound, NotPermitted, Refusal

NAME: Final = "employment"


class NotAgreed(Refusal):
    """No consent to employment is in force: nobody is introduced to an employer."""

    status = HTTPStatus.CONFLICT


REFUSALS: Final[Mapping[int, type[Refusal]]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.FORBIDDEN: NotPermitted,
    HTTPStatus.CONFLICT: NotAgreed,
}


class Person(BaseModel):
    """A person key, which stays inside; contested while judgements contradict.

    `moves` counts how often the registration has got another one: the higher is later.
    """

    person: UUID
    contested: bool
    moves: int = 0


class Introduced(BaseModel):
    """Who somebody is, as an introduction lets the caller's organisation know."""

    given: str | None
    family: str | None
    phones: list[str]


class Moment(BaseModel):
    """What happened to one of the caller's registrations, and when."""

    at: datetime
    what: str
    registration: UUID


class Organisation(BaseModel):
    """An organisation as grants has it."""

    id: UUID
    name: str
    municipality: str | None


@dataclass(frozen=True)
class Neighbours:
    """The way to beneficiaries and grants, through the gateway's exchange."""

    exchange: Exchange
    urls: Mapping[str, str]
    persons: Source

    @classmethod
    @asynccontextmanager
    async def reach(cls, settings: Settings) -> AsyncIterator[Self]:
        known = {
            "beneficiaries": base(settings.beneficiaries),
            "grants": base(settings.grants),
        }
        told = NAME, settings.gateway, settings.exchange_secret
        async with Exchange.reach(*told) as exchange:
            feed = "beneficiaries", settings.beneficiaries, "/persons/feed"
            yield cls(exchange, known, exchange.feed(*feed))

    async def person(self, registration: UUID, passport: str, request: UUID) -> Person:
        """Give the person behind one of the caller's own registrations."""
        path = "/persons/of/{key}"
        found = await self._ask("beneficiaries", path, registration, passport, request)
        return Person.model_validate(found)

    async def introduce(  # noqa: PLR0913 -- to whom, until when, whom, and who asks
        self,
        organisation: UUID,
        until: datetime,
        phones: bool,  # noqa: FBT001 -- beside them, as the agency has said it
        registration: UUID,
        passport: str,
        request: UUID,
    ) -> str:
        """Let one of the caller's registrations be introduced; give it sealed."""
        path = "/registrations/{key}/introductions"
        told = {"organisation": str(organisation), "until": until.isoformat()}
        sent = told | {"phones": phones}
        about = registration, passport, request
        found = await self._ask("beneficiaries", path, *about, sent=sent)
        introduction: str = found["introduction"]
        return introduction

    async def introduced(
        self, sealed: str, registration: UUID, passport: str, request: UUID
    ) -> Introduced:
        """Give who was introduced to the caller's organisation; kept nowhere."""
        path = "/registrations/{key}/introductions/redemption"
        sent = {"introduction": sealed}
        about = registration, passport, request
        found = await self._ask("beneficiaries", path, *about, sent=sent)
        return Introduced.model_validate(found)

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

    async def _ask(  # noqa: PLR0913 -- whom, about what, and who asks
        self,
        whom: str,
        path: str,
        key: UUID,
        passport: str,
        request: UUID,
        sent: Mapping[str, object] | None = None,
    ) -> Any:  # noqa: ANN401 -- whatever JSON was answered
        exchanged = await self.exchange.passport_of(passport, whom)
        headers = {"authorization": f"Bearer {exchanged}", REQUEST_ID: str(request)}
        url = self.urls[whom] + path.format(key=key)
        operation = f"{'GET' if sent is None else 'POST'} {path}"
        answer = await self.exchange.send(operation, url, headers, json=sent)
        if answer.status_code in REFUSALS:
            raise REFUSALS[answer.status_code]
        return self.exchange.expected(answer, whom)


async def neighbours(request: Request) -> Neighbours:
    found: Neighbours = request.app.state.neighbours
    return found
