"""The ledger: balances, journals, and totals that others state."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, model_validator
from sqlmodel import col

from services.grants.ledger import store
from services.grants.ledger.models import LedgerAccount, Reconciliation
from services.grants.ledger.rules import Act, Measure, Statement, measured
from services.grants.ledger.views import (
    AwardBalance,
    CallBalance,
    JournalView,
    ReconciliationView,
    balance_view,
    journals_view,
    reconciliation_view,
)
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, refusing
from services.kit.money import Amount, Currency, payable
from services.kit.pages import Page, Paged, PageQuery, following, page_of
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line

router = APIRouter(
    tags=["ledger"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Bookkeeper = Annotated[Caller, holding(Grants.READ_LEDGER)]
Reconciler = Annotated[Caller, holding(Grants.RECONCILE_LEDGER)]


class Listing(PageQuery):
    """Which journals are listed."""

    call: UUID | None = None
    award: UUID | None = None
    act: Act | None = None


class Search(Body):
    """Look for a bank's reference, for an amount to the cent, or for both."""

    reference: Line | None = None
    amount: Amount | None = None


class Totals(Body):
    """Totals as sources state them, to be compared with your ledger."""

    currency: Currency
    measure: Measure = Measure.FUNDED
    call: UUID | None = None
    statements: Annotated[tuple[Statement, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _totals_are_payable(self) -> Self:
        for one in self.statements:
            payable(one.total, self.currency)
        return self


@router.get("/ledger/calls/{key}", responses=refusing(NotFound))
async def read_call_balance(
    key: UUID, bookkeeper: Bookkeeper, session: Transaction
) -> CallBalance:
    """Tell where the budget of a call of yours stands, from its first award on."""
    whose = col(LedgerAccount.call) == key
    for currency, found in (await store.balances(session, bookkeeper, whose)).items():
        return balance_view(currency, found)
    raise NotFound


@router.get(
    "/ledger/awards/{key}", response_model=AwardBalance, responses=refusing(NotFound)
)
async def read_award_balance(
    key: UUID, bookkeeper: Bookkeeper, session: Transaction
) -> object:
    """Tell where the money of an award of yours stands."""
    whose = col(LedgerAccount.award) == key
    for currency, found in (await store.balances(session, bookkeeper, whose)).items():
        return balance_view(currency, found)
    raise NotFound


@router.get("/ledger/journals")
async def list_journals(
    bookkeeper: Bookkeeper,
    listing: Annotated[Listing, Query()],
    session: Transaction,
) -> Page[JournalView]:
    """List the journals of your ledger in the order in which they were entered."""
    found = await store.page(
        session,
        bookkeeper,
        listing.after(),
        listing.fetched,
        call=listing.call,
        award=listing.award,
        act=listing.act,
    )
    items = await journals_view(session, bookkeeper, found[: listing.limit])
    return Page(items=items, next=following(found, listing.limit))


@router.post("/ledger/journals/search")
async def find_journals(
    body: Search, bookkeeper: Bookkeeper, session: Transaction
) -> list[JournalView]:
    """Find journals by a bank's reference or an amount."""
    found = await store.search(session, bookkeeper, body.reference, body.amount)
    return await journals_view(session, bookkeeper, found)


@router.post("/reconciliations", status_code=201)
async def reconcile(
    body: Totals, reconciler: Reconciler, request: RequestId, session: Transaction
) -> ReconciliationView:
    """Compare stated totals with your ledger, to the cent, and keep the comparison."""
    which = [col(LedgerAccount.currency) == body.currency]
    if body.call is not None:
        which.append(col(LedgerAccount.call) == body.call)
    held = (await store.balances(session, reconciler, *which)).get(body.currency, {})
    kept = Reconciliation(
        **body.model_dump(exclude={"statements"}),
        agency=reconciler.agency,
        recorded=payable(measured(body.measure, held), body.currency),
        statements=[
            {"source": one.source, "total": str(payable(one.total, body.currency))}
            for one in body.statements
        ],
        reconciled_by=reconciler.subject,
    )
    session.add(kept)
    entry = Entry(request, "ledger:reconcile", reconciler, kept.id)
    await record(await driver(session), entry)
    return reconciliation_view(kept)


@router.get("/reconciliations")
async def list_reconciliations(
    bookkeeper: Bookkeeper, page: Paged, session: Transaction
) -> Page[ReconciliationView]:
    """List what has been compared."""
    found = await store.reconciliations(session, bookkeeper, page.after(), page.fetched)
    return page_of(found, page.limit, reconciliation_view)
