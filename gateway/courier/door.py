"""Reads a feed through the gateway's door, as the client that subscribed would.

It is lent a token for each reading. So the roles of that very moment decide, every
reading is audited, and there is no other way by which anything leaves.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import UUID

import httpx

from gateway.courier.outcomes import Over
from gateway.courier.settings import Settings
from gateway.courier.store import Webhook
from gateway.webhooks.rules import COURIER, WEBHOOK, Reason
from services.kit.http import describe
from services.kit.pages import cursor

log = logging.getLogger("uramost")
GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
WAIT: Final = 10  # seconds that a feed is listened to at once
MOST: Final = 50  # events at once
AGAIN: Final = 1.0  # seconds after which whatever hindered is tried again
PATIENCE: Final = httpx.Timeout(5.0, read=15.0 + WAIT)
ENDINGS: Final[Mapping[int, Reason]] = {
    HTTPStatus.FORBIDDEN: Reason.NOT_PERMITTED,
    HTTPStatus.GONE: Reason.FORGOTTEN,
}


class Hindered(Exception):  # noqa: N818 -- an outcome, and nobody's fault outside
    """The door did not answer as it should; neither client nor receiver can help it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event, and the very text that is posted."""

    id: UUID
    text: str


def written(event: Mapping[str, Any]) -> Event:
    text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    return Event(UUID(event["id"]), text)


@dataclass(frozen=True, slots=True)
class Door:
    """The gateway as the courier reaches it."""

    client: httpx.AsyncClient
    credentials: httpx.BasicAuth

    @classmethod
    @asynccontextmanager
    async def reach(cls, settings: Settings) -> AsyncIterator[Self]:
        """Keep connections open; no proxy of the environment stands between."""
        secret = settings.exchange_secret.get_secret_value()
        async with httpx.AsyncClient(
            base_url=str(settings.gateway), timeout=PATIENCE, trust_env=False
        ) as client:
            yield cls(client, httpx.BasicAuth(COURIER, secret))

    async def news(self, webhook: Webhook, last: UUID | None) -> list[Event]:
        """Wait for what follows the last event, however long the door is closed.

        A poll is let through when it begins. So what it tells in the end only says that
        there is something; that is read anew, by who may read it now.
        """
        while True:
            try:
                if events := await self._read(webhook, last):
                    return events
                await self._read(webhook, last, wait=WAIT)
            except (Hindered, httpx.TransportError) as hindrance:
                log.warning("A feed is not read: %s", describe(hindrance))
                await asyncio.sleep(AGAIN)

    async def _read(
        self, webhook: Webhook, last: UUID | None, wait: int = 0
    ) -> list[Event]:
        headers = {"authorization": f"Bearer {await self._lent(webhook)}"}
        query: dict[str, str | int] = {"limit": MOST, "wait": wait}
        if last is not None:
            query["cursor"] = cursor(last)
        path = f"/{webhook.feed}/feed"
        answer = await self.client.get(path, params=query, headers=headers)
        if answer.status_code in ENDINGS:
            raise Over(ENDINGS[answer.status_code])
        if answer.status_code != HTTPStatus.OK:
            raise Hindered
        return [written(event) for event in answer.json()["items"]]

    async def _lent(self, webhook: Webhook) -> str:
        form = {
            "grant_type": GRANT,
            "subject_token": f"{webhook.agency}/{webhook.id}",
            "subject_token_type": WEBHOOK,
        }
        answer = await self.client.post("/exchange", data=form, auth=self.credentials)
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            raise Over(Reason.CLIENT_CLOSED)
        if answer.status_code != HTTPStatus.OK:
            raise Hindered
        token: str = answer.json()["access_token"]
        return token
