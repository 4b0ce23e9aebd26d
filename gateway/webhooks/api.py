"""Webhooks as their agency manages them: subscribed, proven, rotated, deactivated."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Request
from pydantic import Field, HttpUrl

from gateway.permissions import Access
from gateway.visit import KEY, Visit
from gateway.webhooks import store
from gateway.webhooks.rules import (
    AlreadyDeactivated,
    Failure,
    Feed,
    Reason,
    State,
    TooManyWebhooks,
    flaw,
    readable,
    require_next,
)
from gateway.webhooks.store import Sealed
from gateway.webhooks.vault import Vault, new_secret
from services.kit.audit import Entry, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements
from services.kit.http import Body, View, refusing
from services.kit.ids import new_id
from services.kit.pages import read_cursor
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

Manager = Annotated[Caller, holding(Access.MANAGE_WEBHOOKS)]
router = APIRouter(
    prefix="/webhooks",
    tags=["webhooks"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Unavailable),
)


class WebhookBody(Body):
    """Where one of your feeds is to be posted to, and behind which event to begin."""

    feed: Feed
    endpoint: Annotated[HttpUrl, Field(examples=["https://undp.example/uramost"])]
    cursor: Annotated[
        str | None,
        Field(max_length=64, description="Of this feed; without, from its beginning"),
    ] = None


class WebhookView(View):
    """A webhook, and how it gets on; `delivered` counts since it was subscribed.

    `failing_since` is when the delivery failed that has not succeeded since. `reason`
    says why it is deactivated, `failure` how the last delivery failed that did.
    """

    id: UUID
    client: str
    feed: Feed
    endpoint: str
    state: State
    reason: Reason | None
    delivered: int
    last_event: UUID | None
    succeeded_at: datetime | None
    failing_since: datetime | None
    failed_at: datetime | None
    failure: Failure | None
    next_try_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: asyncpg.Record, vault: Vault) -> Self:
        endpoint = vault.open(row["endpoint"], "endpoint", row["id"])
        return cls(**{**row, "endpoint": endpoint})


class WebhookSecretView(View):
    """A webhook with the secret that signs what it is posted; shown this once."""

    webhook: WebhookView
    secret: Annotated[str, Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every act on webhooks takes: a transaction, the vault, who looks at what."""

    connection: asyncpg.Connection
    vault: Vault
    local: bool
    viewer: store.Viewer
    asked: UUID

    async def record(self, act: str, key: UUID, **about: str) -> None:
        entry = Entry(self.asked, f"webhook:{act}", self.viewer.caller, key, about)
        await record(self.connection, entry)

    def shown(self, row: asyncpg.Record) -> WebhookView:
        return WebhookView.of(row, self.vault)


async def desk(
    request: Request, manager: Manager, asked: RequestId, connection: Statements
) -> Desk:
    """Know which feeds the caller may read: the visit does, its passport does not."""
    visit: Visit = request.scope[KEY]
    held = frozenset[str]() if visit.caller is None else visit.caller.permissions
    state, viewer = request.app.state, store.Viewer(manager, readable(held))
    return Desk(connection, state.vault, state.local_webhooks, viewer, asked)


AtDesk = Annotated[Desk, Depends(desk)]


@router.post("", status_code=201, responses=refusing(TooManyWebhooks))
async def subscribe(
    body: WebhookBody, manager: Manager, desk: AtDesk
) -> WebhookSecretView:
    """Have a feed posted to an address, which is first to give back a challenge."""
    if body.feed not in desk.viewer.feeds:
        raise NotPermitted
    endpoint = str(body.endpoint)
    if wrong := flaw(endpoint, local=desk.local):
        raise Invalid({"pointer": "/body/endpoint", "reason": wrong})
    key, secret = new_id(), new_secret()
    sealed = Sealed(
        desk.vault.seal(endpoint, "endpoint", key),
        desk.vault.seal(secret, "secret", key),
    )
    after = None if body.cursor is None else read_cursor(body.cursor)
    await store.require_room(desk.connection, manager.client, key)
    row = await store.add(desk.connection, manager, key, body.feed, sealed, after)
    await desk.record("subscribe", key, feed=body.feed)
    return WebhookSecretView(webhook=desk.shown(row), secret=secret)


@router.get("")
async def list_webhooks(_manager: Manager, desk: AtDesk) -> list[WebhookView]:
    """List your agency's webhooks, of the feeds that you may read."""
    rows = await store.list_all(desk.connection, desk.viewer)
    return [desk.shown(row) for row in rows]


@router.get("/{key}", responses=refusing(NotFound))
async def read_webhook(key: UUID, _manager: Manager, desk: AtDesk) -> WebhookView:
    """Read a webhook: its state, its last success, how it fails if it does."""
    return desk.shown(await store.find(desk.connection, desk.viewer, key))


@router.post("/{key}/challenge", responses=refusing(NotFound, TooManyWebhooks))
async def challenge_webhook(key: UUID, _manager: Manager, desk: AtDesk) -> WebhookView:
    """Challenge the receiver: to test it, or to resume what was deactivated.

    Nothing else is posted until it has given the challenge back.
    """
    found = await store.find(desk.connection, desk.viewer, key)
    await store.require_room(desk.connection, found["client"], key)
    row = await store.change(desk.connection, key, State.PENDING)
    await desk.record("challenge", key)
    return desk.shown(row)


@router.post("/{key}/secret", responses=refusing(NotFound))
async def rotate_secret(
    key: UUID, _manager: Manager, desk: AtDesk
) -> WebhookSecretView:
    """Have another secret; for a day, the one before signs along with it."""
    await store.find(desk.connection, desk.viewer, key)
    secret = new_secret()
    sealed = desk.vault.seal(secret, "secret", key)
    row = await store.rotate(desk.connection, key, sealed)
    await desk.record("rotate", key)
    return WebhookSecretView(webhook=desk.shown(row), secret=secret)


@router.post("/{key}/deactivation", responses=refusing(NotFound, AlreadyDeactivated))
async def deactivate_webhook(key: UUID, _manager: Manager, desk: AtDesk) -> WebhookView:
    """Have nothing posted any more; what is under way ends within seconds."""
    found = await store.find(desk.connection, desk.viewer, key)
    require_next(State(found["state"]), State.DEACTIVATED)
    row = await store.change(desk.connection, key, State.DEACTIVATED, Reason.ASKED)
    await desk.record("deactivate", key, reason=Reason.ASKED)
    return desk.shown(row)
