"""The two formats by themselves: whatever we publish is valid, exact and no more."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.organisations.rules import Kind, Registry
from services.grants.plans.rules import Language, Sector
from services.grants.standards import giving, iati
from services.grants.standards.purposes import PURPOSES
from services.grants.standards.rules import (
    CENT,
    WHOLE,
    Flow,
    Grant,
    Movement,
    Priority,
    Publisher,
    Recipient,
    Stage,
    may_be_named,
    may_be_published,
    reference,
    shares,
)
from tests.grants.published import (
    activities_in,
    grants_in,
    wrong_as_giving,
    wrong_as_iati,
)

UNDP = Publisher("XM-DAC-41114", "United Nations Development Programme")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = AT.date()

lines = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=200
).filter(str.strip)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
amounts = st.decimals(Decimal("0.01"), Decimal("99999999999.99"), places=2)
places = st.lists(st.sampled_from(["mitrovica-north", "zvecan"]), min_size=1)
priorities = st.builds(
    Priority,
    titles=st.dictionaries(st.sampled_from(Language), lines, min_size=1),
    sector=st.sampled_from(Sector),
    municipalities=places,
)
recipients = st.builds(
    Recipient,
    id=st.uuids(),
    name=lines,
    kind=st.sampled_from(Kind),
    registry=st.sampled_from([None, *Registry]),
    number=st.none() | st.from_regex(r"[0-9]{4,9}(-[0-9])?", fullmatch=True),
)
movements = st.builds(
    Movement,
    flow=st.sampled_from(Flow),
    on=days,
    amount=amounts | amounts.map(lambda amount: -amount),
)
awarded = st.builds(
    Grant,
    id=st.uuids(),
    call=st.uuids(),
    call_title=lines,
    currency=st.sampled_from(["USD", "EUR", "RSD"]),
    amount=amounts,
    awarded_on=days,
    starts_on=days,
    ends_on=days,
    closed_on=st.none() | days,
    stage=st.sampled_from(Stage),
    recipients=st.lists(recipients, min_size=1, max_size=4),
    movements=st.lists(movements, max_size=4),
    priorities=st.lists(priorities, max_size=3),
)


async def each(grants: Sequence[Grant]) -> AsyncIterator[Grant]:
    for grant in grants:
        yield grant


async def whole(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


def as_giving(*grants: Grant) -> bytes:
    return asyncio.run(whole(giving.package(UNDP, TODAY, each(grants))))


def as_iati(*grants: Grant) -> bytes:
    return asyncio.run(whole(iati.document(UNDP, AT, each(grants))))


@settings(max_examples=40, deadline=None)
@given(st.lists(awarded, min_size=1, max_size=3, unique_by=lambda one: one.id))
def test_whatever_is_published_is_valid_by_both_schemas(grants: list[Grant]) -> None:
    assert wrong_as_giving(as_giving(*grants)) == []
    assert wrong_as_iati(as_iati(*grants)) == []


@settings(max_examples=40, deadline=None)
@given(awarded)
def test_amounts_arrive_to_the_cent(grant: Grant) -> None:
    [read] = grants_in(as_giving(grant))
    assert Decimal(read["amountAwarded"]) == grant.amount
    assert Decimal(read["amountDisbursed"]) == grant.disbursed
    [activity] = activities_in(as_iati(grant))
    values = [Decimal(value.text) for value in activity.iterfind("transaction/value")]
    assert values == [movement.amount for movement in grant.movements]


def test_the_schemas_do_refuse_what_is_wrong() -> None:
    package = json.dumps({"grants": [{"id": "1", "title": "no more than this"}]})
    assert wrong_as_giving(package.encode())
    assert wrong_as_giving(b'{"grants": []}')
    assert wrong_as_iati(b'<?xml version="1.0"?><iati-activities version="2.03"/>')


@given(st.integers(min_value=1, max_value=len(Sector)))
def test_the_sectors_of_an_activity_add_up_to_a_hundred(count: int) -> None:
    parts = shares(count)
    assert sum(parts) == WHOLE
    assert max(parts) - min(parts) < CENT * count


def test_each_sector_has_a_purpose_of_its_own() -> None:
    assert PURPOSES.keys() == set(Sector)
    assert len({purpose.code for purpose in PURPOSES.values()}) == len(Sector)


def organisation(name: str, kind: Kind, number: int = 1) -> Recipient:
    return Recipient(UUID(int=number), name, kind)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Ndërtimi Sh.p.k.", True),
        ("Градња д.о.о.", True),  # noqa: RUF001 -- Serbian for Ltd.
        ("Trepça Sh.A.", True),
        ("Kosova Bread L.L.C.", True),
        ("N.T.P. Fatmir Hoxha", False),
        ("STR Dragana Petrović", False),
        ("Driton Krasniqi B.I.", False),
        ("Fatmir Hoxha", False),
    ],
)
def test_a_business_is_named_only_if_its_name_is_surely_no_persons(
    name: str, *, named: bool
) -> None:
    assert may_be_named(organisation(name, Kind.BUSINESS)) is named
    assert may_be_named(organisation(name, Kind.CSO))


def test_an_award_is_published_whole_or_not_at_all() -> None:
    both = [organisation("Most", Kind.CSO, 1), organisation("Ura", Kind.CSO, 2)]
    assert may_be_published(both, frozenset())
    assert not may_be_published(both, {both[1].id})
    assert not may_be_published(
        [*both, organisation("Fatmir Hoxha", Kind.BUSINESS, 3)], frozenset()
    )


def test_an_organisation_is_known_by_its_register_or_by_its_publisher() -> None:
    key = UUID(int=7)
    company = Recipient(key, "", Kind.BUSINESS, Registry.KOSOVO_BUSINESSES, "8110-2")
    society = Recipient(key, "", Kind.CSO, Registry.KOSOVO_NGOS, "5110023-8")
    assert reference(company, UNDP) == "XK-CR-81102"
    assert reference(society, UNDP) == f"XM-DAC-41114-organisation-{key}"
