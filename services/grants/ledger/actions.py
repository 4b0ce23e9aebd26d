"""Posting: the one way in which money moves, in the transaction that moves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.ledger import rules, store
from services.grants.ledger.models import Journal, JournalLine, LedgerAccount
from services.grants.ledger.rules import (
    OF_CALLS,
    Account,
    Act,
    Lines,
    NotReversible,
    Overspent,
)
from services.kit.callers import Caller
from services.kit.ids import new_id

BELOW_ZERO = "nothing_below_zero"  # the constraint's name
REVERSED = "journal_reverses_key"


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger of one call or award, in its one currency."""

    call: UUID
    currency: str
    award: UUID | None = None

    async def post(  # noqa: PLR0913 -- what, how much, for what, by which paper
        self,
        session: AsyncSession,
        caller: Caller,
        act: Act,
        amount: Decimal,
        about: UUID | None = None,
        reference: str | None = None,
    ) -> Journal:
        """Enter an act; the database refuses what would take more than there is."""
        journal = self._journal(caller, act, about, reference)
        return await self._enter(session, journal, rules.lines(act, amount))

    async def reverse(
        self, session: AsyncSession, caller: Caller, wrong: Journal
    ) -> Journal:
        """Enter the opposite of a journal, once."""
        entered = (await store.lines(session, caller, [wrong.id]))[wrong.id]
        opposite = rules.reversed_lines(
            wrong.act, {line.kind: line.amount for line in entered}
        )
        journal = self._journal(caller, Act.REVERSAL, wrong.about, wrong.reference)
        journal.reverses = wrong.id
        return await self._enter(session, journal, opposite)

    def _journal(
        self, caller: Caller, act: Act, about: UUID | None, reference: str | None
    ) -> Journal:
        return Journal(
            agency=caller.agency,
            call=self.call,
            award=self.award,
            act=act,
            currency=self.currency,
            about=about,
            reference=reference,
            posted_by=caller.subject,
        )

    async def _enter(
        self, session: AsyncSession, journal: Journal, entered: Lines
    ) -> Journal:
        accounts = await self._accounts(session, journal.agency, entered)
        session.add(journal)
        try:
            await session.flush()
            # In the order of the accounts: two journals never wait for each other.
            for kind, account in sorted(accounts.items(), key=lambda one: one[1]):
                session.add(
                    JournalLine(
                        agency=journal.agency,
                        journal=journal.id,
                        account=account,
                        kind=kind,
                        currency=self.currency,
                        amount=entered[kind],
                    )
                )
                await session.flush()
        except IntegrityError as cause:
            raise refused(cause) from cause
        return journal

    async def _accounts(
        self, session: AsyncSession, agency: str, entered: Lines
    ) -> Mapping[Account, UUID]:
        """Find the accounts of an entry, opening those that are new."""
        found: dict[Account, UUID] = {}
        for kind in sorted(entered):
            award = None if kind in OF_CALLS else self.award
            new = insert(LedgerAccount).values(
                id=new_id(),
                agency=agency,
                call=self.call,
                award=award,
                kind=kind,
                currency=self.currency,
            )
            await session.exec(new.on_conflict_do_nothing())
            there = select(LedgerAccount.id).where(
                LedgerAccount.agency == agency,
                LedgerAccount.call == self.call,
                LedgerAccount.award == award,  # of none: SQLAlchemy writes IS NULL
                LedgerAccount.kind == kind,
                LedgerAccount.currency == self.currency,
            )
            found[kind] = (await session.exec(there)).one()
        return found


def refused(cause: IntegrityError) -> Exception:
    """Say what the database refused; whatever it is not told to refuse is a bug."""
    failure = getattr(cause.orig, "__cause__", None)
    constraint = str(getattr(failure, "constraint_name", None))
    told: dict[str, Exception] = {BELOW_ZERO: Overspent(), REVERSED: NotReversible()}
    return told.get(constraint, cause)
