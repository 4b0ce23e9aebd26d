"""Some rows at once, without a file: the good go in, the others each say why not."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.beneficiaries.imports import rules
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.registry.api import Office
from services.beneficiaries.registry.drafts import Receipt
from services.beneficiaries.registry.rules import Content
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements
from services.kit.http import Body, View, refusing
from services.kit.refusals import Invalid, NotPermitted, Refusal, Unauthenticated

MOST = 200  # rows at once: their match keys are all locked until the commit

router = APIRouter(
    prefix="/imports",
    tags=["imports"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
Importer = Annotated[Caller, holding(Beneficiaries.IMPORT_REGISTRATIONS)]


class RowOutcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class RowsBody(Body):
    """Rows in the form of a registration; one that cannot be read refuses itself."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST)]


class RowView(View):
    """The rows answer in the order in which they came."""

    outcome: RowOutcome
    registration: UUID | None = None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@router.post("/rows")
async def import_rows(
    body: RowsBody,
    importer: Importer,
    request: RequestId,
    office: Office,
    connection: Statements,
) -> list[RowView]:
    """Record many at once. A birth date nobody can read is kept as it was written."""
    today = datetime.now(UTC).date()
    read = [rules.read(row, today) for row in body.rows]
    drafts = [office.draft(importer, one) for one in read if isinstance(one, Content)]
    receipts = iter(await office.record(connection, importer, request, drafts))
    return [
        answered(one, next(receipts)) if isinstance(one, Content) else refused(*one)
        for one in read
    ]


def answered(content: Content, receipt: Receipt | type[Refusal]) -> RowView:
    if isinstance(receipt, Receipt):
        return RowView(
            outcome=RowOutcome(receipt.outcome),
            registration=receipt.registration,
            warnings=rules.warnings(content),
        )
    return refused(receipt.__doc__ or "")


def refused(*reasons: str) -> RowView:
    return RowView(outcome=RowOutcome.REFUSED, reasons=reasons)
