"""What has been revoked, re-read as soon as the epoch in the database moves on.

A trigger moves the epoch with every change to clients, revoked tokens and agreements,
so nobody has to remember to; the gateway looks at it twice a second.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial

import asyncpg

from gateway.agreed import Agreements
from services.kit.beside import again_and_again
from services.kit.refusals import Unauthenticated, Unavailable
from services.kit.tokens import Claims

EVERY = 0.5
BLIND = 2.0  # seconds after which an old epoch is no longer trusted

EPOCH = "select number from epoch"
DISABLED = "select id from client where disabled_at is not null"
REVOKED = "select jti from revoked_token where until > now()"


class Revocations:
    """Which clients and tokens no longer count, as known at most two seconds ago."""

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget
        self._epoch: int | None = None
        self._seen = self._blinded = float("-inf")
        self._clients: frozenset[str] = frozenset()
        self._tokens: frozenset[str] = frozenset()
        self.agreements = Agreements()

    def require_sight(self) -> None:
        """Refuse to decide on knowledge that is too old, or without a database."""
        if time.monotonic() - self._seen > BLIND:
            raise Unavailable

    def refuse_revoked(self, claims: Claims) -> None:
        if claims["client_id"] in self._clients or claims["jti"] in self._tokens:
            raise Unauthenticated

    def blind(self) -> None:
        """Trust nothing until the database has been read again."""
        self._seen, self._blinded = float("-inf"), time.monotonic()

    async def look(self, pool: asyncpg.Pool) -> None:
        async with (
            asyncio.timeout(BLIND),
            pool.acquire(timeout=BLIND) as connection,  # and to give it back
        ):
            asked = time.monotonic()
            epoch = await connection.fetchval(EPOCH)
            if epoch != self._epoch:
                clients = await connection.fetch(DISABLED)
                tokens = await connection.fetch(REVOKED)
                await self.agreements.read(connection)
                self._clients = frozenset(row["id"] for row in clients)
                self._tokens = frozenset(row["jti"] for row in tokens)
                self._epoch = epoch
                self._forget()
        if asked > self._blinded:  # what was asked before is of before
            self._seen = asked

    async def run(self, pool: asyncpg.Pool) -> None:
        """Keep looking until cancelled; an outage is waited for."""
        look = partial(self.look, pool)
        await again_and_again(look, EVERY, "The revocations wait")
