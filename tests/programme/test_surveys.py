"""Surveys: what was published, with intervals only where a sample size is known."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programme.surveys.rules import Z, wilson
from tests.databases import Fresh, execute
from tests.programme.conftest import SOURCE, Officer, words

FINDING = {
    "wave": 1,
    "wave_titles": words("End"),
    "population": "everybody",
    "population_titles": words("Everybody"),
    "share": "55",
    "source": SOURCE,
}


@pytest.fixture
async def survey(officer: Officer) -> str:
    body = {"code": "trust", "question": words("Do you?")}
    return f"/surveys/{(await officer.made('/surveys', body))['id']}"


async def test_the_two_published_shares_stand_without_an_invented_sample(
    officer: Officer,
    entered: dict[str, dict[str, Any]],  # noqa: ARG001 -- it enters them
) -> None:
    (listed,) = (await officer.read("/surveys"))["items"]
    found = (await officer.read(f"/surveys/{listed['id']}"))["findings"]
    told = {one["population_titles"]["en"]: one["share"] for one in found}
    assert told == {"Kosovo Albanians": "55", "Kosovo Serbs": "41"}
    for one in found:
        unknown = ("sample_size", "published_interval", "computed_interval", "asked_on")
        assert {one[name] for name in unknown} == {None}


async def test_an_interval_is_computed_where_a_size_is_known_and_says_so(
    officer: Officer, survey: str
) -> None:
    made = await officer.made(f"{survey}/findings", FINDING | {"sample_size": 100})
    # Newcombe (1998), method 3, for 55 of 100.
    assert made["computed_interval"] == {
        "low": "45.2",
        "high": "64.4",
        "method": "wilson",
        "level": "95",
    }
    assert made["published_interval"] is None


async def test_a_published_interval_is_kept_beside_the_computed_one(
    officer: Officer, survey: str
) -> None:
    known = {"sample_size": 400, "low": "49.5", "high": "60.1"}
    made = await officer.made(f"{survey}/findings", FINDING | known)
    assert made["published_interval"] == {"low": "49.5", "high": "60.1"}
    assert made["computed_interval"]["method"] == "wilson"


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": "50"},
        {"low": "56", "high": "60"},
        {"share": "101"},
        {"share": 55},
        {"sample_size": 0},
        {"community": "x"},
    ],
)
async def test_what_cannot_be_is_refused(
    officer: Officer, survey: str, wrong: dict[str, object]
) -> None:
    answer = await officer.post(f"{survey}/findings", FINDING | wrong)
    assert answer.status_code == 422


async def test_a_corrected_finding_stays_in_its_history(
    officer: Officer, other: Officer, survey: str
) -> None:
    first = await officer.made(f"{survey}/findings", FINDING)
    body = {"share": "54.6", "source": SOURCE, "reason": "the tables have a decimal"}
    assert (
        await other.post(f"/findings/{first['id']}/correction", body)
    ).status_code == 404
    await officer.made(f"/findings/{first['id']}/correction", body)
    again = await officer.post(f"/findings/{first['id']}/correction", body)
    assert again.status_code == 409
    history = await officer.read(f"{survey}/findings")
    assert [one["share"] for one in history] == ["55", "54.6"]
    assert [one["share"] for one in (await officer.read(survey))["findings"]] == [
        "54.6"
    ]


async def test_a_finding_cannot_be_overwritten(database: Fresh) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "update finding set share = 1")


@given(
    share=st.decimals(0, 100, places=1),
    size=st.integers(1, 100_000),
)
def test_wilson_s_ends_are_where_the_score_is_just_not_refused(
    share: Decimal, size: int
) -> None:
    """The interval's ends solve (p - e)² n = z² e (1 - e), to the decimal shown."""
    p = share / 100
    for end in wilson(share, size):
        e = end / 100
        score = (p - e) ** 2 * size - Z**2 * e * (1 - e)
        slope = abs(2 * (p - e) * size) + Z**2
        rounding = Decimal("0.0006")
        assert abs(score) <= slope * rounding + size * rounding**2
    low, high = wilson(share, size)
    assert 0 <= low <= share + Decimal("0.05")
    assert share - Decimal("0.05") <= high <= 100
