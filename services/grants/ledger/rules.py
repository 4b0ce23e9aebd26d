"""The accounts of the ledger, and between which of them each act moves money."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict

from services.kit.money import Amount
from services.kit.refusals import Refusal
from services.kit.texts import Line

NOTHING = Decimal(0)


class Overspent(Refusal):
    """This would take more than there is."""

    status = HTTPStatus.CONFLICT


class NotReversible(Refusal):
    """This entry cannot be reversed: another act undoes it, or it has been reversed."""

    status = HTTPStatus.CONFLICT


class Account(StrEnum):
    """Where money can stand: the first two are a call's, the others an award's."""

    FUNDS = "funds"  # whence the budget comes; the only account below zero
    AVAILABLE = "available"  # of the budget, awarded to nobody
    COMMITTED = "committed"  # awarded, not yet released
    PAYABLE = "payable"  # released, to be paid
    ADVANCED = "advanced"  # paid, not yet accounted for
    SPENT = "spent"  # accounted for in an accepted report
    RETURNED = "returned"  # paid and sent back


class Act(StrEnum):
    """What a journal records."""

    FUNDING = "funding"
    COMMITMENT = "commitment"
    DECOMMITMENT = "decommitment"
    RELEASE = "release"
    WITHHOLDING = "withholding"
    DISBURSEMENT = "disbursement"
    REPORT = "report"
    RETURN = "return"
    REVERSAL = "reversal"


OF_CALLS = frozenset({Account.FUNDS, Account.AVAILABLE})
MOVES: Mapping[Act, tuple[Account, Account]] = {
    Act.FUNDING: (Account.FUNDS, Account.AVAILABLE),
    Act.COMMITMENT: (Account.AVAILABLE, Account.COMMITTED),
    Act.DECOMMITMENT: (Account.COMMITTED, Account.AVAILABLE),
    Act.RELEASE: (Account.COMMITTED, Account.PAYABLE),
    Act.WITHHOLDING: (Account.PAYABLE, Account.COMMITTED),
    Act.DISBURSEMENT: (Account.PAYABLE, Account.ADVANCED),
    Act.REPORT: (Account.ADVANCED, Account.SPENT),
    Act.RETURN: (Account.ADVANCED, Account.RETURNED),
}
# Money that came or went otherwise than was entered; all else another act undoes.
REVERSIBLE = frozenset({Act.DISBURSEMENT, Act.RETURN})

Lines = Mapping[Account, Decimal]


def lines(act: Act, amount: Decimal) -> Lines:
    """Enter an act twice: what leaves one account comes to the other."""
    if amount <= NOTHING:
        raise ValueError(act)
    source, target = MOVES[act]
    return {source: -amount, target: amount}


def reversed_lines(act: Act, entered: Lines) -> Lines:
    """Enter the opposite of a journal; nothing is ever changed or taken out."""
    if act not in REVERSIBLE:
        raise NotReversible
    return {account: -amount for account, amount in entered.items()}


def posted(balances: Lines, entered: Lines) -> Lines:
    """Give the balances after a journal; only the source of funds may go below zero."""
    after = {
        account: balances.get(account, NOTHING) + entered.get(account, NOTHING)
        for account in Account
    }
    if any(after[one] < NOTHING for one in Account if one is not Account.FUNDS):
        raise Overspent
    return after


class Measure(StrEnum):
    """What of the ledger is compared with a total that somebody states."""

    FUNDED = "funded"
    AWARDED = "awarded"
    DISBURSED = "disbursed"
    SPENT = "spent"


DISBURSED = (Account.ADVANCED, Account.SPENT, Account.RETURNED)
AWARDED = (Account.COMMITTED, Account.PAYABLE, *DISBURSED)
MEASURES: Mapping[Measure, Sequence[Account]] = {
    Measure.FUNDED: (Account.AVAILABLE, *AWARDED),
    Measure.AWARDED: AWARDED,
    Measure.DISBURSED: DISBURSED,
    Measure.SPENT: (Account.SPENT,),
}


def measured(measure: Measure, balances: Lines) -> Decimal:
    return sum((balances.get(one, NOTHING) for one in MEASURES[measure]), NOTHING)


class Statement(BaseModel):
    """A total as a source states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Line
    total: Amount
