"""Imports are one, in whichever of four formats: mapped, limited, refused, hindered."""

from collections.abc import Mapping
from typing import Final

import pytest

from services.beneficiaries.imports import reading, store
from services.beneficiaries.imports.files import Unreached
from tests.beneficiaries.conftest import registration
from tests.beneficiaries.imports.conftest import Json, Sender
from tests.beneficiaries.imports.written import (
    CSV,
    LINES,
    PARQUET,
    XLSX,
    jsonl,
    packed_sheet,
    scratched,
    workbook,
    written,
)

KINDS: Final = (CSV, XLSX, PARQUET, LINES)
MONTHLY: Final = {
    "Kodi ynë": "source_id",
    "Thirret": "given",
    "Mbrojtur": "never_match",
}


async def mapped(
    unicef: Sender, file: bytes, kind: str, columns: Mapping[str, str] = MONTHLY
) -> Json:
    body = {"name": "monthly", "columns": dict(columns)}
    assert (await unicef.agency.put("/imports/mappings", body)).status_code == 200
    return await unicef.imported(file, kind, mapping="monthly")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_mapping_is_read_in_every_format(unicef: Sender, kind: str) -> None:
    file = written(kind, tuple(MONTHLY), ("U-1", "Arta", "po"), ("U-2", "Besa", "jo"))
    assert (await mapped(unicef, file, kind))["recorded"] == 2
    listed = {one["source_id"]: one for one in await unicef.registrations()}
    assert listed["U-1"]["names"]["given"] == "Arta"
    assert [listed[f"U-{n}"]["never_match"] for n in (1, 2)] == [True, False]


async def test_a_mapping_is_read_in_rows_of_nested_parquet(unicef: Sender) -> None:
    row = ("U-1", "Arta", {"any": "thing"})
    columns = MONTHLY | {"Tjera": "ignore"}
    file = written(PARQUET, ("Kodi ynë", "Thirret", "Tjera"), row)
    assert (await mapped(unicef, file, PARQUET, columns))["recorded"] == 1


async def test_a_member_that_nobody_knows_is_refused_with_a_mapping_too(
    unicef: Sender,
) -> None:
    known = {"KODI YNË": 1, "thirret": "Arta"}
    strange = known | {"Shënime": "x"}
    within = known | {"Rreshti": "{}"}
    columns = MONTHLY | {"Rreshti": "row"}
    done = await mapped(unicef, jsonl(known, strange, within), LINES, columns)
    assert (done["recorded"], done["refused"]) == (1, 2)
    rows = (await unicef.refused(done["id"]))[1:]
    assert [row.split(",")[1][:6] for row in rows] == ["/row: ", "/row: "]


async def test_a_mapping_leaves_registrations_as_the_api_takes_them(
    unicef: Sender,
) -> None:
    columns = MONTHLY | {"Names": "family", "Row": "ignore", "line": "household"}
    whole = registration(source_id="U-1")
    flat = {"kodi ynë": 2, "thirret": "Arta", "names": "Gashi", "row": 7, "line": 8}
    bad = {"kodi ynë": "?" * 101, "thirret": "Besa"}
    done = await mapped(unicef, jsonl(whole, flat, bad), LINES, columns)
    assert (done["recorded"], done["refused"]) == (2, 1)
    listed = {one["source_id"]: one for one in await unicef.registrations()}
    assert listed["U-1"]["names"] == whole["names"] | {"former_family": None}
    assert (listed["2"]["names"]["family"], listed["2"]["household"]) == ("Gashi", "8")
    refused = "\n".join(await unicef.refused(done["id"])).replace("?" * 101, "U-3")
    again = await unicef.imported(refused.encode(), mapping="monthly")
    assert (again["recorded"], again["refused"]) == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_has_a_million_rows_at_most(
    unicef: Sender, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    monkeypatch.setattr(reading, "ROWS", 2)
    rows = [(f"U-{n}", f"Arta{'abcdef'[n]}") for n in range(6)]
    most = written(kind, ("source_id", "given"), *rows[:5])
    assert (await unicef.imported(most, kind))["recorded"] == 5
    done = await unicef.imported(written(kind, ("source_id", "given"), *rows), kind)
    assert (done["state"], done["reason"]) == ("refused", reading.TOO_MANY)
    assert len(await unicef.registrations()) == 5


@pytest.mark.parametrize("kind", [XLSX, PARQUET])
async def test_a_file_damaged_on_its_way_is_refused_and_not_tried_for_ever(
    unicef: Sender, kind: str
) -> None:
    file = written(kind, ("id", "given"), *((n, f"Arta {n}") for n in range(50)))
    at = packed_sheet(file) if kind == XLSX else 4
    for damaged in (scratched(file, at), file[: len(file) // 2]):
        done = await unicef.imported(damaged, kind)
        assert (done["state"], done["reason"]) == ("refused", reading.DAMAGE)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_database_that_is_away_is_no_damage_of_the_file(
    unicef: Sender, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def away(*_: object) -> bytes:
        raise ConnectionRefusedError

    file = written(kind, ("id", "given"), ("1", "Arta"))
    key = (await unicef.send(file, kind)).json()["id"]
    with monkeypatch.context() as patched:
        patched.setattr(store, "piece", away)
        with pytest.raises(Unreached):
            await unicef.work(key)
    assert (await unicef.read(key))["state"] == "received"
    assert (await unicef.work(key))["recorded"] == 1


async def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    unicef: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.beneficiaries.imports.formats.LARGEST_SHEET", 100)
    assert "unpacks" in (await unicef.imported(workbook(), XLSX))["reason"]
