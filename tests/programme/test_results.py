"""Results leave as JSON, as a table and as pictures; by no group of people."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from fastapi import FastAPI
from sqlalchemy import Table

from services.programme import tables
from tests.programme.conftest import FACT, INDICATOR, SOURCE, Officer, words

SVG = "{http://www.w3.org/2000/svg}"
# What a breakdown could hang on, in whichever spelling; a release will say how.
GROUPS = re.compile(
    r"communit|ethni|religio|gender|\bsex\b|\bage\b|birth|municipal|settlement|locat"
    r"|disab|displac|minority|nationalit|language_group"
)


async def test_a_table_has_a_row_for_each_figure_with_where_it_comes_from(
    officer: Officer, entered: dict[str, dict[str, Any]]
) -> None:
    answer = await officer.get("/results/table", language="sr")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    figures = sum(
        len(one[name])
        for one in entered.values()
        for name in ("baseline", "target", "entered")
    )
    assert len(rows) == figures == 15
    (jobs,) = [row for row in rows if row["code"] == "short-term-jobs"]
    assert (jobs["value"], jobs["kind"], jobs["aspect"]) == ("915", "entered", "actual")
    assert jobs["title"] == "Kratkoročna zaposlenja"
    assert jobs["place"] == "Notable achievements (iii)"


async def test_a_title_is_no_formula_in_a_spreadsheet(officer: Officer) -> None:
    content = INDICATOR | {"titles": words("=HYPERLINK(1)")}
    at = f"/indicators/{(await officer.made('/indicators', content))['id']}"
    source = SOURCE | {"document": "+1", "place": "@here"}
    await officer.made(f"{at}/facts", FACT | {"source": source})
    (row,) = csv.DictReader(io.StringIO((await officer.get("/results/table")).text))
    told = (row["title"], row["document"], row["place"])
    assert told == ("'=HYPERLINK(1)", "'+1", "'@here")


@pytest.mark.parametrize(
    ("language", "title", "target", "unknown"),
    [
        ("sq-XK, en;q=0.5", "Persona të arritur (persona)", "Synimi", "e panjohur"),
        ("sr-Latn", "Obuhvaćene osobe (osobe)", "Cilj", "nepoznato"),
        ("de", "People reached (people)", "Target", "not known"),
    ],
)
async def test_a_picture_says_all_it_shows_in_the_reader_s_language(  # noqa: PLR0913 -- the three words
    officer: Officer,
    entered: dict[str, dict[str, Any]],
    language: str,
    title: str,
    target: str,
    unknown: str,
) -> None:
    key = entered["people"]["indicator"]["id"]
    answer = await officer.get(f"/indicators/{key}/chart", language=language)
    root = fromstring(answer.text)
    assert (root.get("role"), root[0].text) == ("img", title)
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    described = root[1].text or ""
    assert described.count("[Project summary") == 2
    assert described.count(target) == 2  # both figures, for the source has two
    assert described.count(unknown) == 2  # baseline and actual
    numbers = {"sq": "102.000", "sr": "102.000", "de": "102,000"}[language[:2]]
    assert numbers in described
    shown = {text.text for text in root.iter(f"{SVG}text")}
    assert any(numbers in (text or "") for text in shown)


async def test_a_picture_reads_nothing_from_elsewhere_and_runs_nothing(
    officer: Officer, entered: dict[str, dict[str, Any]]
) -> None:
    for result in entered.values():
        key = result["indicator"]["id"]
        drawn = (await officer.get(f"/indicators/{key}/chart")).text
        assert "script" not in re.sub("description|subscript", "", drawn).lower()
        assert set(re.findall(r"https?://[^\"' <)]+", drawn)) == {
            "http://www.w3.org/2000/svg"
        }


async def test_a_survey_is_drawn_with_what_is_not_known_of_it(
    officer: Officer,
    entered: dict[str, dict[str, Any]],  # noqa: ARG001 -- it enters them
) -> None:
    (survey,) = (await officer.read("/surveys"))["items"]
    drawn = (await officer.get(f"/surveys/{survey['id']}/chart", "sq")).text
    described = fromstring(drawn)[1].text or ""
    assert "Shqiptarë të Kosovës · Fundi i projektit: 55 % (mostra e panjohur)" in (
        described
    )
    assert "Serbë të Kosovës · Fundi i projektit: 41 % (mostra e panjohur)" in described


async def test_a_survey_that_nobody_answered_is_a_picture_too(officer: Officer) -> None:
    body = {"code": "none", "question": words("Nobody?")}
    key = (await officer.made("/surveys", body))["id"]
    drawn = fromstring((await officer.get(f"/surveys/{key}/chart")).text)
    assert drawn[0].text == "Nobody?"


async def test_what_a_picture_cannot_hold_is_not_taken_in(officer: Officer) -> None:
    body = {"code": "odd", "question": words("odd \ufffe")}
    assert (await officer.post("/surveys", body)).status_code == 422


async def test_markup_in_a_title_is_text_in_the_picture(officer: Officer) -> None:
    titles = words("<script>alert(1)</script> & more")
    made = await officer.made("/indicators", INDICATOR | {"titles": titles})
    drawn = (await officer.get(f"/indicators/{made['id']}/chart")).text
    assert (fromstring(drawn)[0].text or "").startswith(titles["en"])
    assert "<script" not in drawn


@pytest.mark.parametrize(
    "path", ["/results", "/results/table", "/indicators", "/surveys"]
)
@pytest.mark.parametrize("group", ["community", "age", "municipality", "sex"])
async def test_nothing_is_broken_down_by_a_group_of_people(
    officer: Officer, path: str, group: str
) -> None:
    answer = await officer.get(path, **{group: "x"})
    assert answer.status_code == 422


def columns() -> Iterator[str]:
    kept = tables.Table.metadata.tables
    assert len(kept) == 6
    for table in kept.values():
        assert isinstance(table, Table)
        yield from (f"{table.name}.{column.name}" for column in table.columns)


def fields(document: dict[str, Any]) -> Iterator[str]:
    """Give each field, parameter and value of a closed list that the service has."""
    for name, schema in document["components"]["schemas"].items():
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))
        yield from (f"{name}={value}" for value in schema.get("enum", []))
    for item in document["paths"].values():
        for operation in item.values():
            yield from (one["name"] for one in operation.get("parameters", []))


def test_no_model_and_no_field_could_hold_a_breakdown(assembled: FastAPI) -> None:
    named = [*columns(), *fields(assembled.openapi())]
    assert [one for one in named if GROUPS.search(one.lower())] == []
    assert GROUPS.search("findingview.community_group")  # it would be found


async def test_results_are_read_a_page_at_a_time(
    officer: Officer, entered: dict[str, dict[str, Any]]
) -> None:
    read: list[str] = []
    following: str | None = ""
    while following is not None:
        page = await officer.read(f"/results?limit=6{following}")
        read += [one["indicator"]["code"] for one in page["items"]]
        following = None if page["next"] is None else f"&cursor={page['next']}"
    assert sorted(read) == sorted(entered)
