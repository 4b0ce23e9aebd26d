"""Consents, and the disclosure of what they cover."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, Field

from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.protection import store
from services.beneficiaries.protection.models import communities_place
from services.beneficiaries.protection.rules import (
    Agreed,
    Communities,
    NotDisclosed,
    consenting,
)
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.purposes import Purpose
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["protection"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid),
)

END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # later ones fit no calendar
Keeper = Annotated[Caller, holding(Beneficiaries.RECORD_CONSENTS)]
Discloser = Annotated[Caller, holding(Beneficiaries.DISCLOSE_PROTECTED)]


class ConsentBody(Body):
    """For which purpose, and until when, protected data may be known."""

    purpose: Purpose
    until: Annotated[AwareDatetime, Field(lt=END_OF_TIME)]


class ConsentView(View):
    """A person's consent to one purpose, until it ends or is taken back."""

    id: UUID
    registration: UUID
    purpose: Purpose
    given_at: datetime
    until: datetime
    withdrawn_at: datetime | None


@router.post(
    "/registrations/{key}/consents", response_model=ConsentView, status_code=201
)
async def record_consent(
    key: UUID,
    body: ConsentBody,
    keeper: Keeper,
    request: RequestId,
    session: Transaction,
) -> object:
    """Record that the person agrees to a purpose."""
    if body.until <= datetime.now(UTC):
        raise Invalid({"pointer": "/body/until", "reason": "This moment has passed."})
    return await store.consent(session, keeper, request, key, body.purpose, body.until)


@router.get("/registrations/{key}/consents", response_model=list[ConsentView])
async def list_consents(key: UUID, keeper: Keeper, session: Transaction) -> object:
    """List what the person has agreed to."""
    await store.find(session, keeper, key)
    return await store.consents(session, keeper, key)


@router.post("/consents/{key}/withdrawal", status_code=204)
async def withdraw_consent(
    key: UUID, keeper: Keeper, request: RequestId, session: Transaction
) -> None:
    """End a consent that the person takes back; it covers nothing any more."""
    await store.withdraw_consent(session, keeper, request, key)


@router.post(
    "/registrations/{key}/disclosures",
    status_code=201,
    responses=refusing(NotDisclosed),
)
async def disclose_communities(
    key: UUID,
    discloser: Discloser,
    request_id: RequestId,
    session: Transaction,
    request: Request,
) -> Communities:
    """Open the communities for the purpose you act for, on the record."""
    attribute = await store.find(session, discloser, key)
    consents = await store.consents(session, discloser, key)
    agreed = [
        Agreed(c.id, c.purpose, c.given_at, c.until, c.withdrawn_at) for c in consents
    ]
    covered = consenting(agreed, discloser.purpose, datetime.now(UTC))
    recorded = await store.disclose(session, discloser, request_id, covered, key)
    if (data_key := (await request.app.state.keyring.fetch([key])).get(key)) is None:
        raise NotFound
    opened = data_key.disclose(attribute.communities, communities_place(key), recorded)
    return Communities.model_validate_json(opened)
