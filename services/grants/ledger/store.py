"""Every query on the ledger, which is its agency's own book."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, func, literal, literal_column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.ledger.models import (
    Journal,
    JournalLine,
    LedgerAccount,
    Reconciliation,
)
from services.grants.ledger.rules import Account, Act, Lines
from services.kit.callers import Caller
from services.kit.refusals import NotFound

FOUND = 50  # journals that a search gives at most
TEN_THOUSANDTHS = literal_column("journal_line.ten_thousandths", BigInteger)


async def balances(
    session: AsyncSession,
    caller: Caller,
    *which: ColumnElement[bool],
) -> Mapping[str, Lines]:
    """Add up the balances of the caller's accounts, by currency and kind."""
    total = func.sum(LedgerAccount.balance)
    rows = select(LedgerAccount.currency, LedgerAccount.kind, total)
    mine = rows.where(LedgerAccount.agency == caller.agency, *which)
    found: dict[str, dict[Account, Decimal]] = {}
    grouped = mine.group_by(col(LedgerAccount.currency), col(LedgerAccount.kind))
    for currency, account, balance in await session.exec(grouped):
        found.setdefault(currency, {})[Account(account)] = balance
    return found


async def of_award(session: AsyncSession, caller: Caller, award: UUID) -> Lines:
    """Give the balances of an award; one that has none has no award's accounts."""
    found = await balances(session, caller, col(LedgerAccount.award) == award)
    return next(iter(found.values()), {})


async def funded(session: AsyncSession, caller: Caller, call: UUID) -> bool:
    """Tell whether a call's budget has been entered."""
    mine = select(LedgerAccount.id).where(LedgerAccount.agency == caller.agency)
    return (
        await session.exec(mine.where(LedgerAccount.call == call))
    ).first() is not None


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Journal:
    mine = select(Journal).where(Journal.agency == caller.agency, Journal.id == key)
    if (journal := (await session.exec(mine)).one_or_none()) is None:
        raise NotFound
    return journal


async def page(  # noqa: PLR0913 -- the list's filters
    session: AsyncSession,
    caller: Caller,
    after: UUID | None,
    limit: int,
    *,
    call: UUID | None,
    award: UUID | None,
    act: Act | None,
) -> Sequence[Journal]:
    mine = select(Journal).where(Journal.agency == caller.agency)
    if call is not None:
        mine = mine.where(Journal.call == call)
    if award is not None:
        mine = mine.where(Journal.award == award)
    if act is not None:
        mine = mine.where(Journal.act == act)
    if after is not None:
        mine = mine.where(Journal.id > after)
    return (await session.exec(mine.order_by(col(Journal.id)).limit(limit))).all()


async def search(
    session: AsyncSession,
    caller: Caller,
    reference: str | None,
    amount: Decimal | None,
) -> Sequence[Journal]:
    """Find journals by a bank's reference, by an amount to the cent, or by both."""
    mine = select(Journal).where(Journal.agency == caller.agency)
    if reference is not None:
        mine = mine.where(Journal.reference == reference)
    if amount is not None:
        lines = select(JournalLine.journal).where(JournalLine.agency == caller.agency)
        sought = literal(int(amount.scaleb(4)), BigInteger)
        that = lines.where(sought == TEN_THOUSANDTHS).limit(FOUND)
        mine = mine.where(col(Journal.id).in_(that))
    return (await session.exec(mine.order_by(col(Journal.id)).limit(FOUND))).all()


async def lines(
    session: AsyncSession, caller: Caller, journals: Iterable[UUID]
) -> Mapping[UUID, Sequence[JournalLine]]:
    mine = select(JournalLine).where(JournalLine.agency == caller.agency)
    these = mine.where(col(JournalLine.journal).in_(journals))
    found: dict[UUID, list[JournalLine]] = {}
    for line in await session.exec(these.order_by(col(JournalLine.id))):
        found.setdefault(line.journal, []).append(line)
    return found


async def reconciliations(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Reconciliation]:
    mine = select(Reconciliation).where(Reconciliation.agency == caller.agency)
    if after is not None:
        mine = mine.where(Reconciliation.id > after)
    return (
        await session.exec(mine.order_by(col(Reconciliation.id)).limit(limit))
    ).all()
