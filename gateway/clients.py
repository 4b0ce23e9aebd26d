"""What the database knows of clients: their secrets' digests and their grants."""

import hmac
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_plus

import asyncpg

from gateway.identity import LIFE, Granted
from services.kit.purposes import Purpose

FIND: Final = """
select id, tenant, organisation, roles, secret_digest from client
where id = $1 and disabled_at is null
"""
UNTIL: Final = """
select until from purpose_grant
where client = $1 and purpose = $2 and until > now()
"""
NOBODY: Final = bytes(32)
BASIC: Final = "basic "


@dataclass(frozen=True, slots=True)
class Shown:
    """The name and secret by which a client authenticates itself."""

    name: str
    secret: str

    def digest(self) -> bytes:
        return sha256(self.secret.encode()).digest()


def shown_in(header: str | None) -> Shown | None:
    """Read HTTP Basic as RFC 6749 §2.3.1 wants it: both halves form-encoded."""
    if header is None or not header.lower().startswith(BASIC):
        return None
    try:
        name, found, secret = (
            b64decode(header[len(BASIC) :], validate=True).decode().partition(":")
        )
    except ValueError:
        return None
    return Shown(unquote_plus(name), unquote_plus(secret)) if found else None


async def authenticate(connection: asyncpg.Connection, shown: Shown) -> Granted | None:
    """Find the client; an unknown one takes as long as a wrong secret."""
    row = await connection.fetchrow(FIND, shown.name)
    expected = NOBODY if row is None else row["secret_digest"]
    if not hmac.compare_digest(expected, shown.digest()) or row is None:
        return None
    return Granted(
        client=row["id"],
        agency=row["tenant"],
        organisation=row["organisation"],
        roles=tuple(row["roles"]),
    )


async def life_with(
    connection: asyncpg.Connection, client: str, purpose: str | None
) -> timedelta | None:
    """Give how long a token may live: no longer than the purpose's grant; None: no."""
    if purpose is None:
        return LIFE
    if purpose not in set(Purpose):
        return None
    until = await connection.fetchval(UNTIL, client, purpose)
    return None if until is None else min(LIFE, until - datetime.now(UTC))
