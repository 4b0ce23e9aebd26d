"""Rows of an import: the good ones go in, the others say why not and repeat nothing."""

from typing import Any

import pytest

from services.beneficiaries.imports.rows import MOST
from services.beneficiaries.imports.rules import UNREADABLE
from tests.beneficiaries.conftest import Agency, registration

CANARY = "Kanarinjo"
Row = dict[str, Any]


async def sent(agency: Agency, *rows: object) -> list[Row]:
    answer = await agency.post("/imports/rows", {"rows": list(rows)})
    assert answer.status_code == 200, answer.text
    outcomes: list[Row] = answer.json()
    return outcomes


def somebody(number: int, **changed: object) -> Row:
    """Make a row of somebody who resembles nobody else."""
    letters = "".join("bdgklmnprs"[int(digit)] + "a" for digit in f"{number:04}")
    return registration(
        names={"given": letters.title(), "family": letters[::-1].title()},
        birth={"value": str(1900 + number % 100), "precision": "year"},
        phones=[],
        documents=[],
        address=None,
        **changed,
    )


async def test_good_rows_go_in_and_bad_rows_say_why(north: Agency) -> None:
    bad = somebody(2) | {"sex": CANARY, "place": CANARY, "nickname": CANARY}
    outcomes = await sent(north, somebody(1), bad, somebody(3))
    assert [one["outcome"] for one in outcomes] == ["recorded", "refused", "recorded"]
    assert outcomes[1]["registration"] is None
    pointers = {reason.split(":")[0] for reason in outcomes[1]["reasons"]}
    assert pointers == {"/sex", "/place", "/nickname"}
    listed = (await north.get("/registrations")).json()["items"]
    assert {one["id"] for one in listed} == {
        outcomes[0]["registration"],
        outcomes[2]["registration"],
    }


BAD: list[tuple[str, Row]] = [
    ("/names", {"names": {}}),
    ("/names/given", {"names": {"given": f"{CANARY}\u0000", "family": "x"}}),
    ("/birth", {"birth": {"value": f"{CANARY}-01", "precision": "month"}}),
    ("/birth", {"birth": {"value": "2998-01-01", "precision": "day"}}),
    ("/birth", {"birth": CANARY}),
    ("/phones/0", {"phones": [CANARY]}),
    ("/documents/0/country", {"documents": [{"kind": "passport", "number": CANARY, "country": CANARY}]}),  # noqa: E501 -- a row is a row
    ("/documents/0/kind", {"documents": [{"kind": CANARY, "number": CANARY}]}),
    ("/communities/declared/0", {"communities": {"declared": [CANARY]}}),
    ("/source_id", {"source_id": ""}),
    ("/never_match", {"never_match": CANARY}),
    ("/address", {"address": CANARY * 40}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "wrong"), BAD)
async def test_a_reason_names_the_field_and_no_value(
    north: Agency, where: str, wrong: Row
) -> None:
    [outcome] = await sent(north, somebody(1) | wrong)
    assert outcome["outcome"] == "refused"
    assert {reason.split(":")[0] for reason in outcome["reasons"]} == {where}
    assert CANARY not in str(outcome)


@pytest.mark.parametrize("row", [{}, {"source_id": None}, {"names": [1]}, {"": {}}])
async def test_what_is_hardly_a_row_is_refused_alone(north: Agency, row: Row) -> None:
    outcomes = await sent(north, row, somebody(1))
    assert [one["outcome"] for one in outcomes] == ["refused", "recorded"]
    assert outcomes[0]["reasons"]


async def test_an_impossible_date_is_kept_as_it_was_written(north: Agency) -> None:
    birth = {"precision": "unknown", "as_written": "31.02.1990"}
    [outcome] = await sent(north, somebody(1) | {"birth": birth})
    assert outcome["outcome"] == "recorded"
    assert outcome["warnings"] == [UNREADABLE]
    read = (await north.get(f"/registrations/{outcome['registration']}")).json()
    assert read["birth"] == {**birth, "value": None}


async def test_the_same_rows_again_are_unchanged(north: Agency) -> None:
    rows = [somebody(n) for n in range(5)]
    first = await sent(north, *rows)
    again = await sent(north, *reversed(rows))
    assert {one["outcome"] for one in again} == {"unchanged"}
    recorded = [one["registration"] for one in first]
    assert [one["registration"] for one in again] == recorded[::-1]
    assert len((await north.get("/registrations")).json()["items"]) == 5


async def test_a_row_twice_in_one_chunk_is_recorded_once(north: Agency) -> None:
    row = somebody(1)
    outcomes = await sent(north, row, row, row | {"sex": "female"})
    assert [one["outcome"] for one in outcomes] == ["recorded", "unchanged", "refused"]
    assert outcomes[0]["registration"] == outcomes[1]["registration"]
    assert outcomes[2]["reasons"] == [
        "Another registration of yours has this source_id; correct that one instead."
    ]


async def test_rows_of_one_chunk_that_are_one_person_are_found(north: Agency) -> None:
    outcomes = await sent(north, registration(), somebody(1), registration())
    one, other, same = [
        (await north.get(f"/registrations/{outcome['registration']}")).json()["person"]
        for outcome in outcomes
    ]
    assert one == same != other
    [judgement] = (await north.get("/judgements")).json()["items"]
    assert judgement["verdict"] == "same"


async def test_a_chunk_may_be_as_long_as_promised_and_no_longer(north: Agency) -> None:
    rows = [somebody(n) for n in range(MOST + 1)]
    refused = await north.post("/imports/rows", {"rows": rows})
    assert refused.status_code == 422
    assert (await north.get("/registrations")).json()["items"] == []
    outcomes = await sent(north, *rows[:MOST])
    assert {one["outcome"] for one in outcomes} == {"recorded"}
    assert len({one["registration"] for one in outcomes}) == MOST


@pytest.mark.parametrize("rows", [[], ["x"], [[]], None, {"0": {}}])
async def test_what_is_no_list_of_rows_is_refused(north: Agency, rows: object) -> None:
    assert (await north.post("/imports/rows", {"rows": rows})).status_code == 422


async def test_an_import_is_the_agency_s_own(north: Agency, south: Agency) -> None:
    row = somebody(1)
    [here] = await sent(north, row)
    [there] = await sent(south, row)
    assert here["outcome"] == there["outcome"] == "recorded"
    assert here["registration"] != there["registration"]
