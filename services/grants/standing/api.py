"""Verifications and flags: an agency's word about an organisation, and who reads it."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, model_validator

from services.grants.organisations import store as organisations
from services.grants.permissions import Grants
from services.grants.standing import store
from services.grants.standing.models import Flag, Verification
from services.grants.standing.rules import (
    Concern,
    Lifted,
    Method,
    Status,
    VerificationNotReady,
    move,
    standing,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line

router = APIRouter(
    tags=["standing"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid),
)
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # later ones fit no calendar
Tenant = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Tenants = Annotated[tuple[Tenant, ...], Field(max_length=50)]

Verifier = Annotated[Caller, holding(Grants.VERIFY_ORGANISATIONS)]
Reader = Annotated[Caller, holding(Grants.READ_ORGANISATIONS)]
Flagger = Annotated[Caller, holding(Grants.RECORD_FLAGS)]
FlagReader = Annotated[Caller, holding(Grants.READ_FLAGS)]


class Begun(Body):
    """In which way an organisation is being verified."""

    method: Method


class Decision(Body):
    """What came of a verification; a verified one has an end."""

    status: Literal[Status.VERIFIED, Status.REFUSED, Status.REVOKED]
    until: Annotated[AwareDatetime, Field(lt=END_OF_TIME)] | None = None

    @model_validator(mode="after")
    def _only_a_verified_one_ends(self) -> Self:
        if (self.until is not None) != (self.status is Status.VERIFIED):
            message = "a verified one has an end, and no other has"
            raise ValueError(message)
        return self


class VerificationView(View):
    """An agency's verification; `expired` is computed at the moment you ask."""

    id: UUID
    organisation: UUID
    agency: str
    status: Status
    method: Method
    until: datetime | None
    begun_at: datetime
    decided_at: datetime | None


class Raised(Body):
    """A concern, your own file's reference, and the agencies that may see it."""

    concern: Concern
    reference: Line | None = None
    shared_with: Tenants = ()


class Sharing(Body):
    """Whom else a flag is shown; those not named see it no longer."""

    shared_with: Tenants


class FlagView(View):
    """A flag of yours or shared with you; with whom else, only its owner reads."""

    id: UUID
    organisation: UUID
    agency: str
    concern: Concern
    reference: str | None
    shared_with: list[str] | None
    raised_at: datetime
    lifted_at: datetime | None


def verification_view(of: Verification) -> VerificationView:
    stands = standing(of.status, of.until, now())
    return VerificationView.model_validate(of).model_copy(update={"status": stands})


def flag_view(of: Flag, reader: Caller) -> FlagView:
    others = [one for one in of.readers if one != of.agency]
    shared = others if of.agency == reader.agency else None
    return FlagView(**of.model_dump(), shared_with=shared)


def sharing(owner: Caller, with_whom: tuple[str, ...]) -> list[str]:
    return sorted({owner.agency, *with_whom})


@router.post("/organisations/{key}/verifications", status_code=201)
async def begin_verification(
    key: UUID,
    body: Begun,
    verifier: Verifier,
    request: RequestId,
    session: Transaction,
) -> VerificationView:
    """Begin to verify an organisation; until you have, nobody else sees it."""
    await organisations.find(session, verifier, key)
    begun = Verification(
        organisation=key,
        agency=verifier.agency,
        method=body.method,
        begun_by=verifier.subject,
    )
    session.add(begun)
    entry = Entry(request, "verification:begin", verifier, begun.id)
    await record(await driver(session), entry)
    return verification_view(begun)


@router.get("/organisations/{key}/verifications")
async def list_verifications(
    key: UUID, reader: Reader, session: Transaction
) -> list[VerificationView]:
    """List your own verifications, and what other agencies have verified."""
    await organisations.find(session, reader, key)
    found = await store.verifications(session, reader, key)
    return [verification_view(one) for one in found]


@router.post("/verifications/{key}/decision", responses=refusing(VerificationNotReady))
async def decide_verification(
    key: UUID,
    body: Decision,
    verifier: Verifier,
    request: RequestId,
    session: Transaction,
) -> VerificationView:
    """Verify until a date, refuse, or revoke what you had verified."""
    found = await store.verification(session, verifier, key)
    if body.until is not None and body.until <= now():
        raise Invalid({"pointer": "/body/until", "reason": "This moment has passed."})
    found.status = move(standing(found.status, found.until, now()), body.status)
    found.until, found.decided_at = body.until, now()
    found.decided_by = verifier.subject
    about = {"status": str(body.status)}
    entry = Entry(request, "verification:decide", verifier, key, about)
    await record(await driver(session), entry)
    return verification_view(found)


@router.post("/organisations/{key}/flags", status_code=201)
async def raise_flag(
    key: UUID, body: Raised, flagger: Flagger, request: RequestId, session: Transaction
) -> FlagView:
    """Flag an organisation, for yourself and the agencies you choose."""
    await organisations.find(session, flagger, key)
    flag = Flag(
        organisation=key,
        agency=flagger.agency,
        readers=sharing(flagger, body.shared_with),
        concern=body.concern,
        reference=body.reference,
        raised_by=flagger.subject,
    )
    session.add(flag)
    await record(await driver(session), Entry(request, "flag:raise", flagger, flag.id))
    return flag_view(flag, flagger)


@router.get("/organisations/{key}/flags")
async def list_flags(
    key: UUID, reader: FlagReader, session: Transaction
) -> list[FlagView]:
    """List your own flags and those shared with you; others leave no trace."""
    await organisations.find(session, reader, key)
    found = await store.flags(session, reader, key)
    return [flag_view(one, reader) for one in found]


@router.put("/flags/{key}/sharing")
async def share_flag(
    key: UUID, body: Sharing, flagger: Flagger, request: RequestId, session: Transaction
) -> FlagView:
    """Choose anew which agencies see a flag of yours."""
    flag = await store.flag(session, flagger, key)
    flag.readers = sharing(flagger, body.shared_with)
    about = {"shared_with": " ".join(flag.readers)}
    entry = Entry(request, "flag:share", flagger, key, about)
    await record(await driver(session), entry)
    return flag_view(flag, flagger)


@router.post("/flags/{key}/lifting", responses=refusing(Lifted))
async def lift_flag(
    key: UUID, flagger: Flagger, request: RequestId, session: Transaction
) -> FlagView:
    """Lift a flag of yours; it stays in the record as lifted."""
    flag = await store.flag(session, flagger, key)
    if flag.lifted_at is not None:
        raise Lifted
    flag.lifted_at, flag.lifted_by = now(), flagger.subject
    await record(await driver(session), Entry(request, "flag:lift", flagger, key))
    return flag_view(flag, flagger)
