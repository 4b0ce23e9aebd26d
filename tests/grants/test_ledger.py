"""The ledger's laws: held by pure rules in many steps, and by the database itself."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.grants.ledger import store
from services.grants.ledger.actions import Book
from services.grants.ledger.rules import (
    AWARDED,
    MOVES,
    NOTHING,
    REVERSIBLE,
    Account,
    Act,
    Lines,
    NotReversible,
    Overspent,
    lines,
    posted,
    reversed_lines,
)
from services.kit.callers import Caller
from services.kit.database import Database
from services.kit.ids import new_id
from tests.databases import Fresh, ask, execute
from tests.grants.speaking import as_agency

AMOUNTS = st.decimals("0.01", "999999.99", places=2)
CASHIER = Caller("unicef-client", "cashier", "unicef", frozenset())


class LedgerMachine(RuleBasedStateMachine):
    """Whatever is posted in whatever order, no balance breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.balances: Lines = {}
        self.entered: list[tuple[Act, Lines]] = []

    def enter(self, act: Act, moved: Lines) -> None:
        before = dict(self.balances)
        try:
            self.balances = posted(self.balances, moved)
        except Overspent:
            source = min(moved, key=lambda account: moved[account])
            assert before.get(source, NOTHING) < -moved[source]
        else:
            self.entered.append((act, moved))

    @rule(act=st.sampled_from(list(MOVES)), amount=AMOUNTS)
    def post(self, act: Act, amount: Decimal) -> None:
        self.enter(act, lines(act, amount))

    @rule(act=st.sampled_from(list(MOVES)))
    def post_all_there_is(self, act: Act) -> None:
        there = self.balances.get(MOVES[act][0], NOTHING)
        if there > 0:
            self.enter(act, lines(act, there))

    @rule(place=st.integers(min_value=0))
    def reverse(self, place: int) -> None:
        if self.entered:
            act, moved = self.entered[place % len(self.entered)]
            if act in REVERSIBLE:
                self.enter(Act.REVERSAL, reversed_lines(act, moved))
            else:
                with pytest.raises(NotReversible):
                    reversed_lines(act, moved)

    @invariant()
    def all_of_it_is_somewhere(self) -> None:
        assert sum(self.balances.values(), NOTHING) == 0
        held = {one: self.balances.get(one, NOTHING) for one in Account}
        assert all(held[one] >= 0 for one in Account if one is not Account.FUNDS)
        awarded = sum((held[one] for one in AWARDED), held[Account.AVAILABLE])
        assert awarded == -held[Account.FUNDS]

    @invariant()
    def the_journals_tell_the_balances(self) -> None:
        for account in Account:
            moved = (one.get(account, NOTHING) for _, one in self.entered)
            assert sum(moved, NOTHING) == self.balances.get(account, NOTHING)


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=200, stateful_step_count=50, deadline=None, database=None
)


def test_nothing_is_entered_for_nothing() -> None:
    with pytest.raises(ValueError, match="funding"):
        lines(Act.FUNDING, NOTHING)


# An award whose application nobody needs here; references are not looked at meanwhile.
SEED = """
set session_replication_role = replica;
insert into call values ('{call}', 'unicef', 'closed', 'C', null, 'EUR', 1, 1, now(),
    now() + interval '1 h', now(), 'UTC', '[]', '[]', 2, 3, now(), 'officer');
insert into award values ('{award}', 'unicef', '{award}', '{call}', '{call}', 'active',
    1, 'EUR', '2009-01-01', '2009-12-31', now(), 'officer', null);
set session_replication_role = origin;
"""


async def seeded(database: Fresh) -> Book:
    call, award = new_id(), new_id()
    await execute(database.superuser, SEED.format(call=call, award=award))
    return Book(call, "EUR", award)


@pytest.fixture
async def opened(database: Fresh) -> AsyncIterator[Database]:
    async with Database.connect(database.url, most=2) as opened:
        yield opened


@settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([*MOVES]), st.integers(1, 4)), min_size=5, max_size=40
    )
)
async def test_the_database_keeps_the_books_that_the_rules_keep(
    database: Fresh, opened: Database, steps: list[tuple[Act, int]]
) -> None:
    book, model = await seeded(database), dict[Account, Decimal]()
    for act, whole in [(Act.FUNDING, 9), *steps]:
        amount = Decimal(whole).quantize(Decimal("0.01"))
        try:
            after = dict(posted(model, lines(act, amount)))
        except Overspent:
            with pytest.raises(Overspent):
                await post(opened, book, act, amount)
        else:
            await post(opened, book, act, amount)
            model = after
    async with opened.session("unicef") as session:
        kept = dict(await store.of_award(session, CASHIER, book.award or book.call))
    assert kept == {one: model[one] for one in kept}


async def post(opened: Database, book: Book, act: Act, amount: Decimal) -> UUID:
    async with opened.session("unicef") as session:
        return (await book.post(session, CASHIER, act, amount)).id


async def attempt(database: Fresh, statements: str) -> None:
    """Do what no code of ours does, as the service's own role."""
    narrowed = "begin; select set_config('app.agency', 'unicef', true);"
    await execute(database.url, f"{narrowed} {statements}; commit")


JOURNAL = """
insert into journal (id, agency, call, act, currency, posted_at, posted_by)
values ('{journal}', 'unicef', '{call}', 'funding', '{currency}', now(), 'officer');
"""
LINE = """
insert into journal_line (agency, journal, account, kind, currency, amount)
select 'unicef', '{journal}', id, kind, '{currency}', {amount}
from ledger_account where call = '{call}' and kind = '{kind}';
"""


async def test_the_database_refuses_a_journal_that_does_not_balance(
    database: Fresh, opened: Database
) -> None:
    book = await seeded(database)
    kept = await post(opened, book, Act.FUNDING, Decimal("9.00"))
    told = {"call": book.call, "currency": "EUR", "journal": new_id()}
    one, other = {"kind": "available"}, {"kind": "funds"}
    journal, plus = JOURNAL.format(**told), LINE.format(**told, **one, amount="1.00")
    short = LINE.format(**told, **other, amount="-0.99")
    for wrong in (journal, journal + plus, journal + plus + short):
        with pytest.raises(asyncpg.CheckViolationError, match="adds up to nothing"):
            await attempt(database, wrong)
    later = told | {"journal": kept}
    pair = [LINE.format(**later, **one, amount="1.00")]
    pair.append(LINE.format(**later, **other, amount="-1.00"))
    with pytest.raises(asyncpg.CheckViolationError, match="written at once"):
        await attempt(database, "".join(pair))
    dollars = {**told, "currency": "USD"}
    mixed = JOURNAL.format(**dollars) + LINE.format(**dollars, **one, amount="1.00")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await attempt(database, mixed)
    held = "select sum(abs(balance))::text from ledger_account"
    assert await ask(database.superuser, held) == "18.00"


@pytest.mark.parametrize("who", ["url", "owner", "superuser"])
async def test_what_was_entered_stays_whoever_tries(
    database: Fresh, opened: Database, who: str
) -> None:
    await post(opened, await seeded(database), Act.FUNDING, Decimal("9.00"))
    url = getattr(database, who)
    unforced = "" if who == "url" else "set row_security = off;"
    if who == "owner":
        for table in ("journal", "journal_line", "ledger_account"):
            await execute(url, f"alter table {table} no force row level security")
    for statement in (
        "update journal_line set amount = 1",
        "delete from journal",
        "truncate journal cascade",
        "update ledger_account set balance = 0",
    ):
        narrowed = "begin; select set_config('app.agency', 'unicef', true);"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(url, f"{unforced} {narrowed} {statement}; commit")


async def test_the_programmes_two_totals_are_reconciled_to_the_cent(
    client: AsyncClient, database: Fresh, opened: Database
) -> None:
    book = await seeded(database)
    dollars = Book(book.call, "USD")
    await post(opened, dollars, Act.FUNDING, Decimal("3038958.80"))
    body = {
        "currency": "USD",
        "statements": [
            {"source": "Project summary", "total": "3038958.80"},
            {"source": "Announcement", "total": "3046788.80"},
        ],
    }
    headers = as_agency("unicef")
    answer = await client.post("/reconciliations", json=body, headers=headers)
    kept = answer.json()
    assert kept["recorded"] == "3038958.80"
    told = [one["difference"] for one in kept["statements"]]
    assert told == ["0.00", "-7830.00"]
    listed = await client.get("/reconciliations", headers=headers)
    assert listed.json()["items"] == [kept]
    other = await client.get("/reconciliations", headers=as_agency("who"))
    assert other.json()["items"] == []
    wrong = body | {"statements": [{"source": "Rumour", "total": "0.001"}]}
    refused = await client.post("/reconciliations", json=wrong, headers=headers)
    assert refused.status_code == 422
