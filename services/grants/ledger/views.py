"""What leaves of the ledger."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.ledger import store
from services.grants.ledger.models import Journal, Reconciliation
from services.grants.ledger.rules import NOTHING, Account, Act, Lines, Measure
from services.kit.callers import Caller
from services.kit.http import View
from services.kit.money import Amount, payable


class LineView(View):
    """What one act adds to an account; less than nothing takes from it."""

    account: Account
    amount: str


class JournalView(View):
    """One act with money; its lines add up to nothing."""

    id: UUID
    call: UUID
    award: UUID | None
    act: Act
    currency: str
    lines: list[LineView]
    about: UUID | None
    reference: str | None
    reverses: UUID | None
    posted_at: datetime
    posted_by: str


class AwardBalance(View):
    """Where an award's money stands; all of it together is what was awarded."""

    currency: str
    committed: Amount
    payable: Amount
    advanced: Amount
    spent: Amount
    returned: Amount


class CallBalance(AwardBalance):
    """Where a call's budget stands; what is available is awarded to nobody."""

    available: Amount


class StatementView(View):
    """A stated total; `difference` is what the ledger holds beyond it."""

    source: str
    total: str
    difference: str


class ReconciliationView(View):
    """What the ledger has of a measure, beside what others' statements say."""

    id: UUID
    call: UUID | None
    currency: str
    measure: Measure
    recorded: Amount
    statements: list[StatementView]
    reconciled_at: datetime
    reconciled_by: str


def balance_view(currency: str, balances: Lines) -> CallBalance:
    stands = {
        account.value: payable(balances.get(account, NOTHING), currency)
        for account in Account
    }
    return CallBalance(currency=currency, **stands)


def reconciliation_view(of: Reconciliation) -> ReconciliationView:
    compared = [
        StatementView(
            source=one["source"],
            total=one["total"],
            difference=str(of.recorded - Decimal(one["total"])),
        )
        for one in of.statements
    ]
    told = of.model_dump(exclude={"statements"})
    return ReconciliationView(**told, statements=compared)


async def journals_view(
    session: AsyncSession, reader: Caller, journals: Sequence[Journal]
) -> list[JournalView]:
    lines = await store.lines(session, reader, [one.id for one in journals])
    return [
        JournalView(
            **one.model_dump(),
            lines=[
                LineView(account=line.kind, amount=str(line.amount))
                for line in lines.get(one.id, [])
            ],
        )
        for one in journals
    ]
