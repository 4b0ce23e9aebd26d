"""Certificates: issue, revoke, and check by number."""

import os
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.employment import rows
from services.employment.certificates import store
from services.employment.certificates.models import Certificate
from services.employment.certificates.rules import (
    AlreadyRevoked,
    Mistyped,
    NotCompleted,
    Revocation,
    number,
    require_genuine,
)
from services.employment.permissions import Employment
from services.employment.trainings import store as trainings
from services.employment.trainings.models import Participant
from services.employment.trainings.rules import Subject, completed
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["trainings"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Issuer = Annotated[Caller, holding(Employment.ISSUE_CERTIFICATES)]
Checker = Annotated[Caller, holding(Employment.CHECK_CERTIFICATES)]


class CertificateView(View):
    """What a certificate says to whoever shows its number: the course, and no name."""

    number: UUID
    valid: bool
    title: str
    subject: Subject
    completed_on: date
    issued_at: datetime
    agency: str
    revoked_at: datetime | None


@router.post(
    "/participants/{key}/certificate",
    response_model=CertificateView,
    status_code=201,
    responses=refusing(NotFound, NotCompleted) | {200: {"model": CertificateView}},
)
async def issue_certificate(
    key: UUID,
    issuer: Issuer,
    request: RequestId,
    session: Transaction,
    response: Response,
) -> object:
    """Certify that somebody has completed one of your trainings; once for each."""
    participant = await rows.find(session, issuer, Participant, key, hold=True)
    if (there := await store.of(session, issuer, participant.id)) is not None:
        response.status_code = 200
        return there
    training = await trainings.find(session, issuer, participant.training)
    held = await trainings.held(session, issuer, training.id)
    counts = await trainings.attended(session, issuer, [participant.id])
    if not completed(counts.get(key, 0), held, training.required_percent):
        raise NotCompleted
    certificate = Certificate(
        agency=issuer.agency,
        number=number(os.urandom(16)),
        participant=participant.id,
        title=training.title,
        subject=training.subject,
        completed_on=await store.last_day(session, issuer, participant.id),
        issued_by=issuer.subject,
    )
    session.add(certificate)
    entry = Entry(request, "certificate:issue", issuer, certificate.id)
    await record(await driver(session), entry)
    return certificate


@router.get(
    "/certificates/{key}",
    response_model=CertificateView,
    responses=refusing(NotFound, Invalid, Mistyped),
)
async def check_certificate(
    key: UUID, checker: Checker, request: RequestId, session: Transaction
) -> object:
    """Check a certificate by its number, whichever agency has issued it."""
    require_genuine(key)
    certificate = await store.shown(session, key)
    entry = Entry(request, "certificate:check", checker, certificate.id)
    await record(await driver(session), entry)
    return certificate


@router.post(
    "/certificates/{key}/revocation",
    response_model=CertificateView,
    responses=refusing(NotFound, AlreadyRevoked),
)
async def revoke_certificate(
    key: UUID,
    revocation: Revocation,
    issuer: Issuer,
    request: RequestId,
    session: Transaction,
) -> object:
    """Take back one of your certificates, by its number; the number stays known."""
    certificate = await store.own(session, issuer, key)
    if not certificate.valid:
        raise AlreadyRevoked
    certificate.revoked_at, certificate.revoked_for = now(), revocation.reason
    details = {"reason": revocation.reason}
    entry = Entry(request, "certificate:revoke", issuer, certificate.id, details)
    await record(await driver(session), entry)
    return certificate
