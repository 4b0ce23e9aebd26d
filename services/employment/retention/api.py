"""Retention checks: what is due, and what was found."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.employment import rows
from services.employment.contracts import Day
from services.employment.permissions import Employment
from services.employment.retention import store
from services.employment.retention.models import RetentionCheck
from services.employment.retention.rules import (
    AlreadyVerified,
    Finding,
    Method,
    Result,
    Verifier,
)
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/retention-checks",
    tags=["placements"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Verifying = Annotated[Caller, holding(Employment.VERIFY_RETENTION)]
Reader = Annotated[Caller, holding(Employment.READ_RETENTION)]


class CheckView(View):
    """A check of a placement of yours; null is what has not been found yet."""

    id: UUID
    placement: UUID
    months: int
    due_on: date
    result: Result | None
    verifier: Verifier | None
    method: Method | None
    verified_on: date | None
    recorded_at: datetime | None


class CheckQuery(PageQuery):
    """Which checks are wanted: due by a day, made or not, of one placement."""

    due_by: Day | None = None
    verified: bool | None = None
    placement: UUID | None = None
    months: Annotated[int | None, Query(ge=3, le=6)] = None
    result: Result | None = None


@router.get("")
async def list_retention_checks(
    reader: Reader, query: Annotated[CheckQuery, Query()], session: Transaction
) -> Page[CheckView]:
    """List the checks of your own placements, a page at a time."""
    narrowed = store.narrowed(query.due_by, verified=query.verified)
    plain = query.model_copy(update={"due_by": None, "verified": None})
    found = await rows.page(session, reader, RetentionCheck, plain, *narrowed)
    return page_of(found, query.limit, CheckView.model_validate)


@router.post(
    "/{key}/finding",
    response_model=CheckView,
    responses=refusing(NotFound, AlreadyVerified),
)
async def record_finding(
    key: UUID,
    finding: Finding,
    verifying: Verifying,
    request: RequestId,
    session: Transaction,
) -> object:
    """Record what a check found; who was not reached can be looked for again."""
    check = await store.find(session, verifying, key)
    if check.result not in {None, Result.NOT_REACHED}:
        raise AlreadyVerified
    for name, value in finding.model_dump().items():
        setattr(check, name, value)
    check.recorded_at, check.recorded_by = now(), verifying.subject
    entry = Entry(request, "retention:verify", verifying, check.id)
    await record(await driver(session), entry)
    return check
