"""The census of names: counted on the record, kept sealed, taken over by others."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.census import Census
from services.beneficiaries.linkage.counting import count_once, learn
from services.beneficiaries.registry.actions import Registrar
from tests.beneficiaries.conftest import MASTER, Agency
from tests.databases import Fresh, ask

AGE = "update membership set since = since - interval '1 hour'"
COUNTED = "select count(*) from audit_entry where act = 'linkage:count'"
OTHERS: dict[str, Any] = {"phones": [], "documents": [], "address": None}


@pytest.fixture
def url(databases: dict[str, Fresh]) -> str:
    return databases["beneficiaries"].superuser


@pytest.fixture
def census(app: FastAPI) -> Census:
    registrar: Registrar = app.state.registrar
    return registrar.matcher.census


Count = Callable[[], Awaitable[bool]]


@pytest.fixture
def taken(app: FastAPI) -> Count:
    async def take() -> bool:
        matcher: Matcher = app.state.registrar.matcher
        return await count_once(app.state.database, matcher)

    return take


async def called(agency: Agency, given: str, *days: int) -> None:
    for day in days:
        names = {"given": given, "family": "Prekazi"}
        birth = {"value": f"19{day:02}-05-01", "precision": "day"}
        await agency.record(names=names, birth=birth, **OTHERS)


async def test_newcomers_are_counted_at_once(north: Agency, census: Census) -> None:
    await called(north, "Mërgim", 50, 60)
    assert census.names.given == {"mergim": 2}
    assert census.names.family == {"prekazi": 2}


async def test_who_is_never_to_be_matched_is_not_counted(
    north: Agency, census: Census, taken: Count, url: str
) -> None:
    await north.record(never_match=True)
    await ask(url, AGE)
    await taken()
    assert not census.names.given


async def test_all_agencies_names_are_counted_on_the_record(
    north: Agency, south: Agency, census: Census, taken: Count, url: str
) -> None:
    await called(north, "Mërgim", 50, 60)
    await called(south, "Mergim", 70)
    assert not await taken(), "whoever is just being entered waits for the next round"
    await ask(url, AGE)
    assert await taken()
    assert census.names.given == {"mergim": 3}
    assert await ask(url, COUNTED) == 1
    assert not await taken()
    assert census.names.given == {"mergim": 3}


async def test_what_was_counted_lies_sealed_and_is_taken_over(
    north: Agency, app: FastAPI, taken: Count, url: str
) -> None:
    await called(north, "Mërgim", 50, 60)
    await ask(url, AGE)
    await taken()
    kept = await ask(url, "select counts from name_count")
    assert isinstance(kept, bytes)
    assert b"mergim" not in kept
    later = Matcher.of(app.state.keyring, b64decode(MASTER))
    await learn(app.state.database, later)
    assert later.census.names.given == {"mergim": 2}
    assert await ask(url, COUNTED) == 1, "nobody was opened again"


AT_HOME = {
    "birth": {"value": "1991-03-09", "precision": "day"},
    **OTHERS,
    "phones": ["+38344999000"],
    "sex": "female",
}


async def findings(agency: Agency, *given: str) -> list[str]:
    """Record sisters of one day; give what is found of the last."""
    for name in given:
        names = {"given": name, "family": "Kelmendi"}
        receipt = await agency.record(names=names, **AT_HOME)
    return [one["verdict"] for one in receipt["findings"]]


async def test_a_common_name_mistyped_is_linked(north: Agency) -> None:
    await called(north, "Valbona", *range(40, 64))
    assert await findings(north, "Valbona", "Valboua") == ["same"]


async def test_what_may_be_either_twins_name_is_a_question(north: Agency) -> None:
    await called(north, "Arta", *range(40, 64))
    await called(north, "Arba", *range(40, 64))
    assert await findings(north, "Arta", "Arka") == ["unsure"]
    assert "same" not in await findings(north, "Arba")
