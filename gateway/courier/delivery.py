"""Serves one webhook: proves its receiver, then posts event after event, in order.

An event is posted until it is taken; the ones behind it wait. Nothing is kept between
two tries: what is tried again is read again, so that whoever may no longer read the
feed is posted nothing that they could read an hour ago.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

import asyncpg
from opentelemetry import metrics
from opentelemetry.trace import SpanKind
from standardwebhooks import Webhook as Signing
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    wait_exponential_jitter,
)

from gateway.courier import store
from gateway.courier.door import Door, Event, written
from gateway.courier.outcomes import Changed, Failed, Over
from gateway.courier.posting import Poster
from gateway.courier.store import Webhook
from gateway.webhooks.rules import Failure, Reason, State
from gateway.webhooks.vault import Vault
from services.kit.feed import TYPES
from services.kit.ids import new_id
from services.kit.telemetry import tracer

FIRST: Final = 1.0  # seconds until the second try; doubled for each that follows
LONGEST: Final = 4 * 3600.0  # seconds between two tries
FRESH: Final = 30.0  # seconds for which what was read may be posted
DELIVERED: Final = "delivered"
BROKEN_OFF: Final = "broken-off"  # by our own end
deliveries = metrics.get_meter("uramost").create_counter(
    "uramost.webhook.deliveries", description="Posts to webhooks, by how they ended"
)


@dataclass(frozen=True, slots=True)
class Means:
    """What every delivery takes: the way in, the way out, and where it is written."""

    door: Door
    poster: Poster
    vault: Vault
    pool: asyncpg.Pool
    patience: timedelta


def challenge(webhook: Webhook, code: str) -> Event:
    """Write the one event that no feed tells; its data is to be given back."""
    event = {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": "/webhooks",
        "type": f"{TYPES}webhook.challenge",
        "subject": str(webhook.id),
        "time": datetime.now(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": {"challenge": code},
    }
    return written(event)


def signed(event: Event, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """Sign as Standard Webhooks has it: by two secrets, where one was rotated."""
    key, signing = str(event.id), map(Signing, secrets)
    return {
        "content-type": "application/cloudevents+json",
        "user-agent": "Uramost",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(s.sign(key, now, event.text) for s in signing),
    }


@dataclass
class Delivery:
    """The serving of one webhook, as long as it stays what it is."""

    means: Means
    webhook: Webhook
    last: UUID | None = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.webhook.last_event

    async def run(self) -> None:
        """Serve until it is over, or somebody changed the webhook."""
        try:
            if self.webhook.state is State.PENDING:
                await self._until_taken()(self._prove)
            while True:
                await self._until_taken()(self._step)
        except Over as over:
            with suppress(Changed):
                await store.end(self.means.pool, self.webhook, over.reason)
        except Changed:
            return

    def _until_taken(self) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_exception_type(Failed),
            wait=wait_exponential_jitter(multiplier=FIRST, max=LONGEST, jitter=FIRST),
            before_sleep=self._note,
        )

    async def _note(self, tried: RetryCallState) -> None:
        """Write how a try failed, unless that has gone on for too long."""
        failed = tried.outcome.exception() if tried.outcome else None
        failure = failed.failure if isinstance(failed, Failed) else Failure.FAULT
        wait = tried.upcoming_sleep
        since = await store.failed(self.means.pool, self.webhook, failure, wait)
        if datetime.now(UTC) - since > self.means.patience:
            raise Over(Reason.FAILING)

    async def _prove(self) -> None:
        code = token_urlsafe(16)
        answer = await self._post(challenge(self.webhook, code))
        if code.encode() not in answer:
            raise Failed(Failure.UNPROVEN)
        await store.activate(self.means.pool, self.webhook)

    async def _step(self) -> None:
        events = await self.means.door.news(self.webhook, self.last)
        until = time.monotonic() + FRESH
        for event in events:
            if time.monotonic() > until:
                return
            await self._post(event)
            await store.delivered(self.means.pool, self.webhook, event.id)
            self.last = event.id

    async def _post(self, event: Event) -> bytes:
        """Post within a span, and count; neither says where to."""
        feed = str(self.webhook.feed)
        outcome: str = BROKEN_OFF
        with tracer.start_as_current_span(
            "POST webhook",
            kind=SpanKind.CLIENT,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                answer = await self._send(event)
            except Failed as failed:
                outcome = failed.failure
                raise
            except Over as over:
                outcome = over.reason
                raise
            else:
                outcome = DELIVERED
                return answer
            finally:
                span.set_attribute("uramost.webhook.outcome", outcome)
                deliveries.add(1, {"feed": feed, "outcome": outcome})

    async def _send(self, event: Event) -> bytes:
        endpoint = self.webhook.endpoint(self.means.vault)
        secrets = self.webhook.secrets(self.means.vault)
        headers = signed(event, secrets, datetime.now(UTC))
        return await self.means.poster.post(endpoint, headers, event.text)
