"""What agencies agreed on, and what a client may use data for; empty is denying."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from gateway.permissions import Access
from services.kit.callers import Caller, holding
from services.kit.database import LOST
from services.kit.http import View, refusing
from services.kit.purposes import Purpose
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated, Unavailable

Party = Annotated[Caller, holding(Access.READ_AGREEMENTS)]
Claimant = Annotated[Caller, holding(Access.READ_PURPOSES)]
AGREEMENTS = """
select id, owner, other, purpose, level, valid_from, valid_until, ended_at
from agreement where $1 in (owner, other) order by valid_from, id
"""
PURPOSES = """
select purpose, until from purpose_grant where client = $1 and until > now()
"""
router = APIRouter(
    tags=["agreements"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid, Unavailable),
)


class AgreementView(View):
    """`owner` lets `other` know, for a purpose and a time, at a level."""

    id: UUID
    owner: str
    other: str
    purpose: Purpose
    level: str
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
    try:
        rows = await request.app.state.database.pool.fetch(AGREEMENTS, party.agency)
    except LOST as cause:
        raise Unavailable from cause
    return [AgreementView(**row) for row in rows]


@router.get("/purposes")
async def list_purposes(request: Request, claimant: Claimant) -> list[PurposeView]:
    """List all purposes, and until when the caller's client may claim each."""
    try:
        rows = await request.app.state.database.pool.fetch(PURPOSES, claimant.client)
    except LOST as cause:
        raise Unavailable from cause
    until = {row["purpose"]: row["until"] for row in rows}
    return [PurposeView(purpose=each, until=until.get(each)) for each in Purpose]
