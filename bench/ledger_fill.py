"""A grants database of the size that the benchmark asks for, copied in as rows."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg

from services.grants.ledger.rules import OF_CALLS, Account, Act, lines
from services.grants.organisations.names import keys
from services.kit.ids import new_id

AGENCY = "unicef"
ORGANISATIONS, CALLS, AWARDS, JOURNALS = 100_000, 100, 20_000, 500_000
KINDS = ("cso", "business", "municipality", "ministry", "business_advisory_centre")
PLACES = ("mitrovica-south", "mitrovica-north", "zvecan", "leposavic", "zubin-potok")
WORDS = (
    "Shoqata Gratë Paqe Rinia Bashkimi Drita Iliria Dardania Liria Agimi Qendra Fshati "
    "Udruženje Žene Mladi Most Nada Budućnost Ibar Trepča Zvečan Sloga Jedinstvo "
    "Удружење Жене Млади Мост Нада Будућност Ибар Слога Обнова Zadruga Fondacija Toka "
    "Kultura Sporti Arsimi Zdravlje Voda Lumi Reka Mali Planina Sever Jug Veri Rudari"
).split()
FORMS = ("OJQ", "NVO", "Sh.p.k.", "d.o.o.", "N.T.P.", "")
BEGAN = datetime(2009, 1, 1, tzinfo=UTC)
OPEN = (BEGAN, BEGAN + timedelta(days=1), BEGAN + timedelta(days=1))
DAY, MADE, ONE = BEGAN.date(), (BEGAN, "officer"), Decimal(1)
ACTS = (Act.COMMITMENT, Act.RELEASE, Act.DISBURSEMENT, Act.REPORT)
Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Filled:
    """What there is to ask for."""

    organisations: Sequence[UUID]
    names: Sequence[str]
    calls: Sequence[UUID]
    awards: Sequence[UUID]
    journals: Sequence[UUID]


def names(chance: random.Random) -> Iterator[str]:
    """Call organisations by three words, a number of a street or year, and a form."""
    for place in range(ORGANISATIONS):
        told = " ".join(chance.sample(WORDS, 3))
        yield f"{chance.choice(FORMS)} {told} {place % 1000}".strip()


async def fill(connection: asyncpg.Connection, chance: random.Random) -> Filled:
    """Copy everything in; triggers and references are not looked at meanwhile."""
    await connection.execute("set session_replication_role = replica")
    called = list(names(chance))
    bodies = [new_id() for _ in called]
    await _organisations(connection, chance, list(zip(bodies, called, strict=True)))
    calls = [new_id() for _ in range(CALLS)]
    awards = [(new_id(), chance.choice(calls)) for _ in range(AWARDS)]
    await _awards(connection, calls, awards)
    journals = await _ledger(connection, chance, awards)
    for table in TABLES:
        await connection.execute(f"vacuum analyze {table}")
    return Filled(bodies, called, calls, [award for award, _ in awards], journals)


TABLES = (
    *("organisation", "organisation_name", "organisation_key", "award"),
    *("ledger_account", "journal", "journal_line"),
)


async def _copy(
    connection: asyncpg.Connection, table: str, columns: str, rows: Rows
) -> None:
    await connection.copy_records_to_table(table, records=rows, columns=columns.split())


async def _organisations(
    connection: asyncpg.Connection,
    chance: random.Random,
    bodies: Sequence[tuple[UUID, str]],
) -> None:
    await _copy(
        connection,
        "organisation",
        "id agency name kind registered_in municipality registration_number "
        "bare_number recorded_at recorded_by",
        (
            (
                key,
                AGENCY,
                name,
                chance.choice(KINDS),
                "kosovo_ngos",
                chance.choice(PLACES),
                str(n),
                str(n),
                *MADE,
            )
            for n, (key, name) in enumerate(bodies, 10_000_000)
        ),
    )
    spelled = ((new_id(), key, AGENCY, name) for key, name in bodies)
    columns = "id organisation agency text"
    await _copy(connection, "organisation_name", columns, spelled)
    found = ((key, body, AGENCY) for body, name in bodies for key in keys([name]))
    await _copy(connection, "organisation_key", "key organisation agency", found)


async def _awards(
    connection: asyncpg.Connection,
    calls: Sequence[UUID],
    awards: Sequence[tuple[UUID, UUID]],
) -> None:
    listed = ("UTC", json.dumps([]), json.dumps([]))
    columns = (
        "id agency status title currency ceiling budget opens_at closes_at closed_at "
        "time_zone rules criteria assessors attempts recorded_at recorded_by"
    )
    called = (
        (key, AGENCY, "closed", "Call", "EUR", ONE, ONE, *OPEN, *listed, 2, 3, *MADE)
        for key in calls
    )
    await _copy(connection, "call", columns, called)
    columns = (
        "id agency application call lead status amount currency starts_on ends_on "
        "decided_at decided_by"
    )
    granted = (
        (key, AGENCY, key, call, key, "active", ONE, "EUR", DAY, DAY, *MADE)
        for key, call in awards
    )
    await _copy(connection, "award", columns, granted)


async def _accounts(
    connection: asyncpg.Connection, awards: Sequence[tuple[UUID, UUID]]
) -> Mapping[tuple[UUID | None, UUID, Account], UUID]:
    opened = {
        (None if kind in OF_CALLS else award, call, kind): new_id()
        for award, call in awards
        for kind in Account
    }
    rows = (
        (key, AGENCY, call, award, kind, "EUR")
        for (award, call, kind), key in opened.items()
    )
    columns = "id agency call award kind currency"
    await _copy(connection, "ledger_account", columns, rows)
    return opened


async def _ledger(
    connection: asyncpg.Connection,
    chance: random.Random,
    awards: Sequence[tuple[UUID, UUID]],
) -> Sequence[UUID]:
    accounts = await _accounts(connection, awards)
    journals, entered = [], []
    for place in range(JOURNALS):
        award, call = awards[place % len(awards)]
        act, amount = ACTS[place // AWARDS % len(ACTS)], chance.randrange(100, 99_999)
        journals.append((key := new_id(), AGENCY, call, award, act, "EUR"))
        for kind, moved in lines(act, Decimal(amount) / 100).items():
            account = accounts[None if kind in OF_CALLS else award, call, kind]
            entered.append((AGENCY, key, account, kind, "EUR", moved))
    told = ((*one, f"RBKO-{n}", BEGAN, "cashier") for n, one in enumerate(journals))
    columns = "id agency call award act currency reference posted_at posted_by"
    await _copy(connection, "journal", columns, told)
    columns = "agency journal account kind currency amount"
    await _copy(connection, "journal_line", columns, entered)
    await connection.execute(BALANCES)
    return [one[0] for one in journals]


# What the triggers would have added up; the checks are of single accounts, so the
# source of a call's funds takes what its awards have in excess.
BALANCES = """
update ledger_account a set balance = abs(s.total)
from (select account, sum(amount) as total from journal_line group by account) s
where s.account = a.id
"""
