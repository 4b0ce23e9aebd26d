"""Enrols tenants and clients, as the database's owner; a secret is shown once.

`python -m gateway.enrolment` reads a JSON list from its standard input, and writes the
secrets of the clients that are new to its standard output.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from uuid import UUID

import asyncpg
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.policy import Role
from gateway.routes import KEY
from services.kit.purposes import Purpose

TENANT: Final = """
insert into tenant (id, kind, name) values ($1, $2, $3)
on conflict (id) do update set kind = excluded.kind, name = excluded.name
"""
CLIENT: Final = """
insert into client (id, tenant, secret_digest, roles, organisation)
values ($1, $2, $3, $4, $5) on conflict (id) do nothing returning id
"""
ENTRUST: Final = """
update client set roles = $2, organisation = $3
where id = $1 and (roles, organisation) is distinct from ($2::text[], $3::text)
"""
ALLOW: Final = """
insert into purpose_grant (client, purpose, until) values ($1, $2, $3)
on conflict (client, purpose) do update set until = excluded.until
"""
DISABLE: Final = "update client set disabled_at = now() where id = $1"

Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class Enrolled(BaseModel):
    """What is enrolled is written out; an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tenant(Enrolled):
    id: Slug
    kind: Literal["agency", "organisation", "desk"]
    name: str

    @field_validator("id")
    @classmethod
    def _is_no_key(cls, id_: str) -> str:
        """Rows are shown to tenants and to organisations: no id may pass for both."""
        if KEY.fullmatch(id_):
            message = "an id in the form of a key could be taken for an organisation's"
            raise ValueError(message)
        return id_


class PurposeGrant(Enrolled):
    purpose: Purpose
    until: AwareDatetime


class Client(Enrolled):
    id: Slug
    roles: tuple[Role, ...]
    organisation: UUID | None = None
    purposes: tuple[PurposeGrant, ...] = ()


class Enrolment(Enrolled):
    """A tenant and, if it has one already, a client of it.

    Only an organisation's own tenant has clients that act for it: no agency signs, or
    accepts, in its name (0031).
    """

    tenant: Tenant
    client: Client | None = None

    @model_validator(mode="after")
    def _an_organisation_acts_for_itself(self) -> Self:
        acts = self.client is not None and self.client.organisation is not None
        if acts and self.tenant.kind != "organisation":
            message = "only a tenant of the kind organisation acts for one"
            raise ValueError(message)
        return self


class Owner(BaseSettings):
    """Whoever enrols is the owner: the gateway itself cannot."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True)

    owner_database: SecretStr


async def enrol(
    connection: asyncpg.Connection, enrolments: Sequence[Enrolment]
) -> dict[str, str]:
    """Enrol all or nobody; give the secrets of the clients that are new."""
    shown = {}
    async with connection.transaction():
        for enrolment in enrolments:
            tenant = enrolment.tenant
            await connection.execute(TENANT, tenant.id, tenant.kind, tenant.name)
            if enrolment.client is not None:
                secret = await _client(connection, tenant.id, enrolment.client)
                if secret is not None:
                    shown[enrolment.client.id] = secret
    return shown


async def _client(
    connection: asyncpg.Connection, tenant: str, client: Client
) -> str | None:
    secret = secrets.token_urlsafe(32)
    digest, roles = sha256(secret.encode()).digest(), [*client.roles]
    acts_for = str(client.organisation) if client.organisation else None
    new = await connection.fetchval(CLIENT, client.id, tenant, digest, roles, acts_for)
    if new is None:
        await connection.execute(ENTRUST, client.id, roles, acts_for)
    for purpose in client.purposes:
        await connection.execute(ALLOW, client.id, purpose.purpose, purpose.until)
    return None if new is None else secret


async def disable(connection: asyncpg.Connection, client: str) -> None:
    """Stop a client; its tokens stop within two seconds."""
    await connection.execute(DISABLE, client)


async def revoke(connection: asyncpg.Connection, jti: str, until: datetime) -> None:
    """Stop one token, which would have lived until then."""
    await connection.execute(REVOKE, jti, until)


REVOKE: Final = """
insert into revoked_token (jti, until) values ($1, $2) on conflict (jti) do nothing
"""


async def _enrol_from(text: str, url: str) -> dict[str, str]:
    enrolments = TypeAdapter(list[Enrolment]).validate_json(text)
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await enrol(connection, enrolments)
    finally:
        await connection.close()


def main() -> None:
    folder = os.environ.get("URAMOST_SECRETS")
    try:
        owner = Owner(_secrets_dir=Path(folder) if folder else None)
        url = owner.owner_database.get_secret_value()
        shown = asyncio.run(_enrol_from(sys.stdin.read(), url))
    except ValidationError as cause:
        places = {".".join(str(part) for part in e["loc"]) for e in cause.errors()}
        sys.exit(f"Nobody was enrolled. These are missing or wrong: {sorted(places)}.")
    except (OSError, asyncpg.PostgresError) as cause:
        sys.exit(f"Nobody was enrolled. The database said {type(cause).__name__}.")
    sys.stdout.write(json.dumps(shown) + "\n")


if __name__ == "__main__":
    main()
