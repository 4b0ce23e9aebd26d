"""What agencies agreed on, and what a client may use data for; empty is denying."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request
from pydantic import AwareDatetime, Field, model_validator

from gateway.permissions import Access
from services.kit.agreements import Level, Shared
from services.kit.audit import Entry, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.http import Body, View, refusing
from services.kit.ids import new_id
from services.kit.purposes import Purpose
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

Party = Annotated[Caller, holding(Access.READ_AGREEMENTS)]
Owner = Annotated[Caller, holding(Access.MAKE_AGREEMENTS)]
Claimant = Annotated[Caller, holding(Access.READ_PURPOSES)]
LONGEST = timedelta(days=366)
COLUMNS = "id, owner, other, purpose, level, fields, valid_from, valid_until, ended_at"
AGREEMENTS = f"""
select {COLUMNS} from agreement where $1 in (owner, other) order by valid_from, id
"""  # noqa: S608 -- of constants alone
MAKE = f"""
insert into agreement
    (id, owner, other, purpose, level, fields, valid_from, valid_until)
select $1, $2, id, $4, $5, $6, now(), $7 from tenant where id = $3 and id <> $2
returning {COLUMNS}
"""  # noqa: S608 -- of constants alone
END = f"""
update agreement set ended_at = coalesce(ended_at, now()) where id = $1 and owner = $2
returning {COLUMNS}
"""  # noqa: S608 -- of constants alone
PURPOSES = """
select purpose, until from purpose_grant where client = $1 and until > now()
"""
router = APIRouter(
    tags=["agreements"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Unavailable),
)


class AgreementBody(Body):
    """What your agency lets another know of links to its registrations."""

    other: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$", examples=["unfpa"])]
    purpose: Purpose
    level: Level
    fields: frozenset[Shared] = frozenset()
    until: Annotated[AwareDatetime, Field(description="At most a year from now")]

    @model_validator(mode="after")
    def _fields_belong_to_their_level(self) -> Self:
        if (self.level is Level.FIELDS) is not bool(self.fields):
            message = "fields are listed exactly at the level of fields"
            raise ValueError(message)
        return self


class AgreementView(View):
    """`owner` lets `other` know, for a purpose and a time, at a level."""

    id: UUID
    owner: str
    other: str
    purpose: Purpose
    level: Level
    fields: list[Shared]
    valid_from: datetime
    valid_until: datetime
    ended_at: datetime | None


class PurposeView(View):
    """A purpose; without `until` the client may not claim it."""

    purpose: Purpose
    until: datetime | None


@router.get("/agreements")
async def list_agreements(request: Request, party: Party) -> list[AgreementView]:
    """List the agreements to which the caller's agency is a party."""
    rows = await request.app.state.database.pool.fetch(AGREEMENTS, party.agency)
    return [AgreementView(**row) for row in rows]


@router.post("/agreements", status_code=201)
async def make_agreement(
    body: AgreementBody, owner: Owner, request: Request, asked: RequestId
) -> AgreementView:
    """Let another agency know of links, for a purpose, at a level, for a time."""
    if not timedelta() < body.until - datetime.now(UTC) <= LONGEST:
        reason = "Not a moment within a year from now."
        raise Invalid({"pointer": "/body/until", "reason": reason})
    key, fields = new_id(), sorted(body.fields)
    terms = (body.other, body.purpose, body.level, fields, body.until)
    about = body.model_dump(mode="json") | {"fields": fields}
    entry = Entry(asked, "agreement:make", owner, key, about)
    made = await _recorded(request, entry, MAKE, key, owner.agency, *terms)
    if made is None:
        reason = "Not a tenant other than yours."
        raise Invalid({"pointer": "/body/other", "reason": reason})
    return AgreementView(**made)


@router.post("/agreements/{key}/end", responses=refusing(NotFound))
async def end_agreement(
    key: UUID, owner: Owner, request: Request, asked: RequestId
) -> AgreementView:
    """End an agreement that your agency made; within seconds nothing passes by it."""
    entry = Entry(asked, "agreement:end", owner, key)
    ended = await _recorded(request, entry, END, key, owner.agency)
    if ended is None:
        raise NotFound
    return AgreementView(**ended)


async def _recorded(
    request: Request, entry: Entry, statement: str, *values: object
) -> asyncpg.Record | None:
    """Execute a statement and put it on record with what it has done, or do neither."""
    pool: asyncpg.Pool = request.app.state.database.pool
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(statement, *values)
        if row is not None:
            await record(connection, entry)
        return row


@router.get("/purposes")
async def list_purposes(request: Request, claimant: Claimant) -> list[PurposeView]:
    """List all purposes, and until when the caller's client may claim each."""
    rows = await request.app.state.database.pool.fetch(PURPOSES, claimant.client)
    until = {row["purpose"]: row["until"] for row in rows}
    return [PurposeView(purpose=each, until=until.get(each)) for each in Purpose]
