"""Facts: they come out as they went in, and a correction keeps what was said."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.programme.permissions import Programme
from tests.databases import Fresh, ask, execute
from tests.programme.conftest import FACT, INDICATOR, SOURCE, Officer, published

# The figures of the two documents, typed from them and from nothing of ours.
STATED = {
    "people": ("target", [("100000", "about"), ("102000", "about")]),
    "assistance-usd": ("target", [("3038958.80", "exact"), ("3046788.80", "exact")]),
    "assistance-jpy": ("target", [("344290000", "about")]),
    "grants-across": ("entered", [("29", "exact")]),
    "economic-plans": ("entered", [("3", "exact")]),
    "action-plans": ("entered", []),
    "teacher-trainings": ("entered", [("13", "exact")]),
    "teachers": ("entered", [("300", "exact")]),
    "officials": ("entered", [("60", "exact")]),
    "enterprise-activities": ("entered", [("25", "up_to")]),
    "business-links": ("entered", [("10", "exact")]),
    "businesses-linked": ("entered", [("20", "exact")]),
    "short-term-jobs": ("entered", [("915", "exact")]),
    "long-term-jobs": ("entered", [("46", "exact")]),
}


async def test_the_programme_s_own_figures_come_out_exactly(
    entered: dict[str, dict[str, Any]],
) -> None:
    found = {
        code: (STATED[code][0], [(f["value"], f["qualifier"]) for f in told])
        for code, result in entered.items()
        for told in [result[STATED[code][0]]]
    }
    assert found == STATED


async def test_each_figure_says_where_it_stands_and_who_entered_it(
    entered: dict[str, dict[str, Any]],
) -> None:
    for result in entered.values():
        for fact in (*result["baseline"], *result["target"], *result["entered"]):
            assert fact["source"]["place"]
            assert fact["source"]["quote"]
            assert (fact["agency"], fact["recorded_by"]) == ("undp", "officer")
    announced = entered["assistance-jpy"]["target"][0]["source"]
    assert announced["published_on"] == "2008-10-31"
    assert entered["officials"]["entered"][0]["source"]["published_on"] is None


async def test_what_nobody_stated_stays_unknown(
    entered: dict[str, dict[str, Any]],
) -> None:
    assert entered["action-plans"]["entered"] == []
    assert [one for one in entered.values() if one["baseline"]] == []
    assert [one for one in entered.values() if one["counted"]] == []


async def test_a_publication_sent_again_enters_nothing_twice(
    officer: Officer, entered: dict[str, dict[str, Any]]
) -> None:
    fact = entered["teachers"]["entered"][0]["id"]
    body = {"value": "299", "source": SOURCE, "reason": "one was counted twice"}
    await officer.made(f"/facts/{fact}/correction", body)
    again = await officer.made("/publications", published("summary"))
    assert set(again.values()) == {0}
    result = await officer.read(
        f"/indicators/{entered['teachers']['indicator']['id']}/result"
    )
    assert [one["value"] for one in result["entered"]] == ["299"]


async def test_another_agency_s_word_stands_beside(
    officer: Officer, other: Officer
) -> None:
    indicator = (await officer.made("/indicators", INDICATOR))["id"]
    await officer.made(f"/indicators/{indicator}/facts", FACT)
    await other.made(f"/indicators/{indicator}/facts", FACT | {"value": "903"})
    told = (await officer.read(f"/indicators/{indicator}/result"))["entered"]
    assert [(one["agency"], one["value"]) for one in told] == [
        ("undp", "915"),
        ("unicef", "903"),
    ]


async def test_a_correction_keeps_what_was_said_and_why(officer: Officer) -> None:
    at = f"/indicators/{(await officer.made('/indicators', INDICATOR))['id']}"
    first = await officer.made(f"{at}/facts", FACT)
    body = {"value": "916", "source": SOURCE, "reason": "a late report"}
    second = await officer.made(f"/facts/{first['id']}/correction", body)
    gone = {"value": None, "source": SOURCE, "reason": "of another programme"}
    await officer.made(f"/facts/{second['id']}/correction", gone)
    told = await officer.read(f"{at}/facts")
    assert [(one["value"], one["reason"]) for one in told] == [
        ("915", None),
        ("916", "a late report"),
        (None, "of another programme"),
    ]
    assert [one["supersedes"] for one in told] == [None, first["id"], second["id"]]
    assert (await officer.read(f"{at}/result"))["entered"] == []


async def test_of_two_corrections_at_once_one_stands(officer: Officer) -> None:
    at = f"/indicators/{(await officer.made('/indicators', INDICATOR))['id']}"
    fact = (await officer.made(f"{at}/facts", FACT))["id"]
    body = {"value": "916", "source": SOURCE, "reason": "a late report"}
    answers = await asyncio.gather(
        *(officer.post(f"/facts/{fact}/correction", body) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert len((await officer.read(f"{at}/result"))["entered"]) == 1


async def test_another_agency_s_fact_is_not_one_s_own_to_correct(
    officer: Officer, other: Officer, database: Fresh
) -> None:
    at = f"/indicators/{(await officer.made('/indicators', INDICATOR))['id']}"
    fact = (await officer.made(f"{at}/facts", FACT))["id"]
    body = {"value": "1", "source": SOURCE, "reason": "it does not please"}
    answer = await other.post(f"/facts/{fact}/correction", body)
    absent = await other.post(f"/facts/{INDICATOR_ID}/correction", body)
    assert (answer.status_code, absent.status_code) == (404, 404)
    assert answer.json() | {"trace": ""} == absent.json() | {"trace": ""}
    forging = f"""
        begin; set local app.agency = 'unicef';
        insert into fact (id, agency, indicator, aspect, value, qualifier, source,
                          supersedes, reason, recorded_by)
        select gen_random_uuid(), {{agency}}, indicator, aspect, 1, 'exact', source,
               id, 'forged', 'x' from fact where id = '{fact}'; commit
    """
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await execute(database.url, forging.format(agency="'unicef'"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, forging.format(agency="agency"))


INDICATOR_ID = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "statement", ["update fact set value = 1", "delete from fact", "delete from survey"]
)
async def test_nothing_that_was_said_can_be_overwritten(
    database: Fresh, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, f"set app.agency = 'undp'; {statement}")


async def test_nobody_reads_a_row_without_saying_who_reads(
    officer: Officer, database: Fresh
) -> None:
    await officer.made("/indicators", INDICATOR)
    assert await ask(database.url, "select count(*) from indicator") == 0
    as_somebody = "select set_config('app.agency', 'who', false)"
    connection = await asyncpg.connect(database.url)
    await connection.execute(as_somebody)
    assert await connection.fetchval("select count(*) from indicator") == 1
    await connection.close()


async def test_a_code_is_taken_once(officer: Officer, other: Officer) -> None:
    await officer.made("/indicators", INDICATOR)
    answer = await other.post("/indicators", INDICATOR)
    assert answer.json()["type"] == "urn:uramost:problem:code-taken"
    changed = published("announcement")
    changed["indicators"][0] |= {"code": "jobs"}
    answer = await officer.post("/publications", changed)
    assert answer.status_code == 409
    assert len((await officer.read("/results"))["items"]) == 1  # nothing of it is in


async def test_every_act_is_in_the_audit(officer: Officer, database: Fresh) -> None:
    await officer.made("/publications", published("announcement"))
    acts = await ask(
        database.superuser,
        "select string_agg(act, ' ' order by id) from audit_entry",
    )
    assert acts == " ".join(["indicator:record fact:enter"] * 2)


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("POST", "/indicators", Programme.RECORD_INDICATORS),
        ("POST", "/publications", Programme.ENTER_PUBLICATIONS),
        ("GET", "/results", Programme.READ_RESULTS),
    ],
)
async def test_without_its_permission_an_operation_is_refused(
    officer: Officer, method: str, path: str, needed: Programme
) -> None:
    officer.permissions = tuple(one for one in Programme if one is not needed)
    answer = await officer.client.request(
        method, path, json={}, headers=officer.headers()
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("value", [915, 9.5, "-1", "1e9", "NaN", "1.23456"])
async def test_a_figure_is_exact_or_refused(officer: Officer, value: object) -> None:
    at = f"/indicators/{(await officer.made('/indicators', INDICATOR))['id']}"
    answer = await officer.post(f"{at}/facts", FACT | {"value": value})
    assert answer.status_code == 422
