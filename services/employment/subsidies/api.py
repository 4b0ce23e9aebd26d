"""Wage subsidies: record, list, total."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from services.employment import rows
from services.employment.permissions import Employment
from services.employment.placements import store as placements
from services.employment.placements.api import Key
from services.employment.subsidies import store
from services.employment.subsidies.models import Subsidy
from services.employment.subsidies.rules import Content, OtherSubsidy
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.pages import Page, PageQuery, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["placements"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Employment.RECORD_SUBSIDIES)]
Reader = Annotated[Caller, holding(Employment.READ_SUBSIDIES)]


class SubsidyView(View):
    """One payment towards a wage, from an award."""

    id: UUID
    placement: UUID
    award: UUID
    amount: Decimal
    currency: str
    paid_on: date
    recorded_at: datetime


class TotalView(View):
    """What was paid in one currency, in how many payments."""

    currency: str
    amount: Decimal
    payments: int


class SubsidyQuery(PageQuery):
    """Which subsidies are wanted."""

    placement: UUID | None = None
    award: UUID | None = None


class TotalQuery(BaseModel):
    """Of which award; of all without one."""

    model_config = ConfigDict(extra="forbid")

    award: UUID | None = None


@router.post(
    "/placements/{key}/subsidies",
    response_model=SubsidyView,
    status_code=201,
    responses=refusing(NotFound, OtherSubsidy) | {200: {"model": SubsidyView}},
)
async def record_subsidy(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
    response: Response,
    idempotency_key: Key = None,
) -> object:
    """Record what an award paid towards the wage of one of your placements."""
    placement = await placements.find(session, recorder, key)
    sent = f"{placement.id} {content.model_dump_json()}"
    subsidy = Subsidy(
        **content.model_dump(exclude={"amount"}),
        amount=content.written,
        agency=recorder.agency,
        placement=placement.id,
        recorded_by=recorder.subject,
        key_digest=_digest(idempotency_key),
        content_digest=_digest(sent),
    )
    if (there := await store.add(session, subsidy)) is not subsidy:
        response.status_code = 200
        return there
    entry = Entry(request, "subsidy:record", recorder, subsidy.id)
    await record(await driver(session), entry)
    return subsidy


def _digest(text: str | None) -> bytes | None:
    return None if text is None else sha256(text.encode()).digest()


@router.get("/subsidies")
async def list_subsidies(
    reader: Reader, query: Annotated[SubsidyQuery, Query()], session: Transaction
) -> Page[SubsidyView]:
    """List the subsidies of your own placements, a page at a time."""
    found = await rows.page(session, reader, Subsidy, query)
    return page_of(found, query.limit, SubsidyView.model_validate)


@router.get("/subsidies/totals")
async def total_subsidies(
    reader: Reader, query: Annotated[TotalQuery, Query()], session: Transaction
) -> list[TotalView]:
    """Add up your own subsidies by currency."""
    return [
        TotalView(currency=currency, amount=amount, payments=payments)
        for currency, amount, payments in await store.totals(
            session, reader, query.award
        )
    ]
