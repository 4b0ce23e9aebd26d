"""The webhooks as the courier serves them, each with how far it is and how it goes.

What it writes holds for the revision that it serves: whoever changed the webhook
meanwhile is not overruled.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self
from uuid import UUID

import asyncpg

from gateway.courier.outcomes import Changed
from gateway.webhooks.rules import COURIER, Failure, Feed, Reason, State
from gateway.webhooks.vault import Vault
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.ids import new_id

# The feeds keep no more than 90 days either: what is older could not be resumed.
LOOK: Final = """
with forgotten as (
    delete from webhook
    where state = 'deactivated' and changed_at < now() - interval '90 days'
)
select * from webhook where state <> 'deactivated'
"""
ACTIVATE: Final = """
update webhook set state = 'active', succeeded_at = now(), failing_since = null,
    next_try_at = null, changed_at = now()
where id = $1 and revision = $2 and state = 'pending' returning id
"""
DELIVERED: Final = """
update webhook set last_event = $3, delivered = delivered + 1, succeeded_at = now(),
    failing_since = null, next_try_at = null
where id = $1 and revision = $2 and state = 'active' returning id
"""
FAILED: Final = """
update webhook set failing_since = coalesce(failing_since, now()), failed_at = now(),
    failure = $3, next_try_at = now() + make_interval(secs => $4)
where id = $1 and revision = $2 and state <> 'deactivated' returning failing_since
"""
END: Final = """
update webhook set state = 'deactivated', reason = $3, next_try_at = null,
    changed_at = now()
where id = $1 and revision = $2 and state <> 'deactivated' returning id
"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook at one revision; where it goes and what signs it stay out of sight."""

    id: UUID
    revision: int
    agency: str
    client: str
    organisation: str | None
    feed: Feed
    state: State
    last_event: UUID | None
    row: asyncpg.Record

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        plain = ("id", "revision", "agency", "client", "organisation", "last_event")
        feed, state = Feed(row["feed"]), State(row["state"])
        return cls(
            **{name: row[name] for name in plain}, feed=feed, state=state, row=row
        )

    def __repr__(self) -> str:
        return f"Webhook({self.id})"

    @property
    def place(self) -> tuple[UUID, int]:
        return self.id, self.revision

    def endpoint(self, vault: Vault) -> str:
        return vault.open(self.row["endpoint"], "endpoint", self.id)

    def secrets(self, vault: Vault) -> list[str]:
        """Give what signs: the secret, and for a day the one before."""
        until = self.row["former_until"]
        both = until is not None and datetime.now(UTC) < until
        names = ("secret", "former_secret") if both else ("secret",)
        return [vault.open(self.row[name], "secret", self.id) for name in names]


async def look(connection: asyncpg.Connection) -> list[Webhook]:
    """Give the webhooks that are to be served; forget those that nobody resumed."""
    return [Webhook.of(row) for row in await connection.fetch(LOOK)]


async def activate(pool: asyncpg.Pool, webhook: Webhook) -> None:
    await _recorded(pool, webhook, "activate", {}, ACTIVATE)


async def end(pool: asyncpg.Pool, webhook: Webhook, reason: Reason) -> None:
    about = {"reason": str(reason)}
    await _recorded(pool, webhook, "deactivate", about, END, reason)


async def delivered(pool: asyncpg.Pool, webhook: Webhook, event: UUID) -> None:
    if await pool.fetchval(DELIVERED, *webhook.place, event) is None:
        raise Changed


async def failed(
    pool: asyncpg.Pool, webhook: Webhook, failure: Failure, wait: float
) -> datetime:
    """Write how it failed and when it is tried again; give since when it fails."""
    since: datetime | None = await pool.fetchval(FAILED, *webhook.place, failure, wait)
    if since is None:
        raise Changed
    return since


async def _recorded(
    pool: asyncpg.Pool,
    webhook: Webhook,
    act: str,
    about: dict[str, str],
    statement: str,
    *values: object,
) -> None:
    """Do it and put it on record, in the name of who subscribed, or do neither."""
    whom = webhook.client, webhook.client, webhook.agency, frozenset[str]()
    caller = Caller(*whom, organisation=webhook.organisation, actor=COURIER)
    entry = Entry(new_id(), f"webhook:{act}", caller, webhook.id, about)
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(statement, *webhook.place, *values) is None:
            raise Changed
        await record(connection, entry)
