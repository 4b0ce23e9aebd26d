"""What grants keeps of money: accounts, journals and their lines, reconciliations."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.ledger.rules import Account, Act, Measure
from services.grants.tables import Table
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class LedgerAccount(Table, table=True):
    """An account of a call or an award, in one currency.

    The balance is the database's: lines move it, and nothing else can.
    """

    __tablename__ = "ledger_account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    call: UUID
    award: UUID | None = None
    kind: Account = Field(sa_column=word(Account))
    currency: str
    balance: Decimal


class Journal(Table, table=True):
    """One act with money, entered once and never changed; `about` is what it paid for.

    The database refuses to commit one whose lines do not add up to nothing.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    call: UUID
    award: UUID | None = None
    act: Act = Field(sa_column=word(Act))
    currency: str
    about: UUID | None = None
    reference: str | None = None
    reverses: UUID | None = None
    posted_at: datetime = Field(default_factory=now, sa_column=moment())
    posted_by: str


class JournalLine(Table, table=True):
    """What a journal adds to one account, or takes from it."""

    __tablename__ = "journal_line"

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, Identity(always=True), primary_key=True),
    )
    agency: str
    journal: UUID
    account: UUID
    kind: Account = Field(sa_column=word(Account))
    currency: str
    amount: Decimal


class Reconciliation(Table, table=True):
    """Totals that sources state, beside what the ledger held at that moment."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    call: UUID | None = None
    currency: str
    measure: Measure = Field(sa_column=word(Measure))
    recorded: Decimal
    statements: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    reconciled_at: datetime = Field(default_factory=now, sa_column=moment())
    reconciled_by: str
