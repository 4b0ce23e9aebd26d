"""Publications: enter all that one document states, at once and once."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated
from services.programme.permissions import Programme
from services.programme.publications.rules import Publication
from services.programme.publications.store import state_indicator, state_survey
from services.programme.refusals import CodeTaken

router = APIRouter(
    tags=["publications"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Enterer = Annotated[Caller, holding(Programme.ENTER_PUBLICATIONS)]


class EnteredView(BaseModel):
    """How much of a publication was new; the rest was there already."""

    indicators: int
    facts: int
    surveys: int
    findings: int


@router.post("/publications", status_code=201, responses=refusing(CodeTaken))
async def enter_publication(
    publication: Publication,
    enterer: Enterer,
    request: RequestId,
    session: Transaction,
) -> EnteredView:
    """Enter what a document states: indicators with facts, surveys with findings.

    Sent again it enters nothing twice, and nothing anew that was corrected since.
    """
    document = publication.document
    acts = [
        act
        for one in publication.indicators
        async for act in state_indicator(session, enterer, document, one)
    ] + [
        act
        for one in publication.surveys
        async for act in state_survey(session, enterer, document, one)
    ]
    entries = [Entry(request, act.name, enterer, act.target) for act in acts]
    if entries:
        await record(await driver(session), *entries)
    made = Counter(act.name for act in acts)
    return EnteredView(
        indicators=made["indicator:record"],
        facts=made["fact:enter"],
        surveys=made["survey:record"],
        findings=made["finding:enter"],
    )
