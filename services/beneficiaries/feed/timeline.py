"""A person's timeline: what happened to the caller's own registrations of somebody."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.beneficiaries.events import Happened
from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.protection import store as protection
from services.beneficiaries.protection.models import Consent
from services.beneficiaries.registry import store as registry
from services.beneficiaries.registry.store import Shown
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["registrations"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid),
)
Reader = Annotated[Caller, holding(Beneficiaries.READ_REGISTRATIONS)]


class MomentView(View):
    """Something that happened to one of your registrations; nothing that it says."""

    at: datetime
    what: Happened
    registration: UUID


@router.get("/registrations/{key}/timeline")
async def read_timeline(
    key: UUID, reader: Reader, request: RequestId, session: Transaction
) -> list[MomentView]:
    """Read what happened to somebody: all your own registrations of one person."""
    moments: list[MomentView] = []
    connection = await driver(session)
    for one in await linkage.own_of(connection, reader, key):
        versions = await registry.versions(session, reader, one)
        moments += _of_registration(versions)
        moments += _of_consents(await protection.consents(session, reader, one))
    await record(connection, Entry(request, "timeline:read", reader, key))
    return sorted(moments, key=lambda moment: moment.at)


def _of_registration(versions: Sequence[Shown]) -> Iterator[MomentView]:
    about = versions[0].registration
    for one in versions:
        first = one.version.number == 1
        what = Happened.RECORDED if first else Happened.CORRECTED
        yield MomentView(at=one.version.recorded_at, what=what, registration=about.id)
    ends = {Happened.WITHDRAWN: about.withdrawn_at, Happened.ERASED: about.erased_at}
    for what, at in ends.items():
        if at is not None:
            yield MomentView(at=at, what=what, registration=about.id)


def _of_consents(consents: Sequence[Consent]) -> Iterator[MomentView]:
    for one in consents:
        what = Happened.CONSENT_RECORDED
        yield MomentView(at=one.given_at, what=what, registration=one.registration)
        if one.withdrawn_at is not None:
            what = Happened.CONSENT_WITHDRAWN
            at = one.withdrawn_at
            yield MomentView(at=at, what=what, registration=one.registration)
