"""Whatever wrote a file, its rows say the same: no format loses what another takes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from services.beneficiaries.imports.cells import content_of
from services.beneficiaries.imports.files import PIECE, SealedFile
from services.beneficiaries.imports.formats import READERS, Sheet
from services.beneficiaries.imports.headers import resolve
from services.beneficiaries.imports.rules import Unreadable, read
from services.beneficiaries.registry.rules import Content
from tests.beneficiaries.conftest import registration
from tests.beneficiaries.imports.written import (
    CSV,
    LINES,
    PARQUET,
    XLSX,
    jsonl,
    parquet,
    separated,
    workbook,
    written,
)

DAY: Final = datetime(1990, 5, 1)  # noqa: DTZ001 -- a file names no time zone


def opened(kind: str, file: bytes, charset: str | None = None) -> Sheet:
    def piece(number: int) -> bytes:
        return file[number * PIECE :][:PIECE]

    return READERS[kind](SealedFile(len(file), piece).buffered(), charset)


def understood(kind: str, file: bytes, charset: str | None = None) -> list[Any]:
    """Give what the rows of a file say, each in the form of a registration."""
    sheet = opened(kind, file, charset)
    fields = resolve(sheet.headers, {})
    return [content_of(fields, cells) for _, cells in sheet.rows]


def one(kind: str, file: bytes) -> Any:  # noqa: ANN401 -- a registration, or reasons
    [said] = understood(kind, file)
    return said


BELGRADE: Final = ZoneInfo("Europe/Belgrade")
BIRTHS: Final = {
    "timestamp": pa.array([DAY], pa.timestamp("ns")),
    "of an hour": pa.array([DAY.replace(hour=23)], pa.timestamp("us")),
    "zoned": pa.array([DAY.replace(tzinfo=BELGRADE)], pa.timestamp("ns", BELGRADE.key)),
    "utc": pa.array([DAY.replace(tzinfo=UTC)], pa.timestamp("ms", "UTC")),
    "date32": pa.array([date(1990, 5, 1)], pa.date32()),
    "date64": pa.array([date(1990, 5, 1)], pa.date64()),
    "dictionary": pa.array(["1.5.1990"]).dictionary_encode(),
    "bytes": pa.array([b"1.5.1990"], pa.binary()),
}


@pytest.mark.parametrize("birth", BIRTHS)
def test_a_birth_date_of_parquet_is_read_whatever_its_type(birth: str) -> None:
    columns = {"source_id": ["U-1"], "given": ["Arta"], "birth": BIRTHS[birth]}
    for more in ({}, {"reasons": [{"a": 1}]}):
        said = one(PARQUET, parquet(columns | more))
        assert said["birth"]["value"] == "1990-05-01", more


def test_a_registration_of_nested_parquet_may_lack_what_its_columns_have() -> None:
    whole = registration(household="12")
    whole["birth"] = {"value": DAY, "precision": "day", "as_written": None}
    bare = {"source_id": "U-1", "names": {"given": "Besa"}, "birth": {"value": None}}
    file = parquet({name: [whole[name], bare.get(name)] for name in whole})
    contents = [read(row, date(2026, 1, 1)) for row in understood(PARQUET, file)]
    first, second = contents
    assert isinstance(first, Content)
    assert isinstance(second, Content), second
    assert (first.birth.value, second.birth.value) == ("1990-05-01", None)
    nameless = parquet({"source_id": ["1", "2"], "names": [{"given": "A"}, None]})
    refused = read(understood(PARQUET, nameless)[1], date(2026, 1, 1))
    assert str(refused).startswith("('/names: ")


WRITTEN_AS: Final = (
    "1990-05-01T00:00:00.000Z",
    "1990-05-01 00:00:00",
    "1990-05-01T00:00",
)


@pytest.mark.parametrize("birth", [*WRITTEN_AS, "1990-05-01T00:00:00+02:00"])
def test_a_midnight_is_the_day_that_it_begins(birth: str) -> None:
    for kind in (CSV, LINES):
        said = one(kind, written(kind, ("id", "given", "birth"), ("1", "Arta", birth)))
        assert said["birth"]["value"] == "1990-05-01"


def test_another_hour_is_kept_as_written_for_nobody_knows_whose_day_it_is() -> None:
    late = "1990-04-30T22:00:00Z"
    said = one(LINES, jsonl({"id": 1, "given": "Arta", "birth": late}))
    assert said["birth"]["as_written"] == late


NUMBERS: Final[list[Any]] = [
    pa.array([1002003007.0]),
    pa.array([Decimal("1002003007.00")]),
    pa.array([Decimal(1002003007)], pa.decimal256(60, 20)),
    pa.array([1002003007], pa.uint64()),
    pa.array(["1002003007"]).dictionary_encode(),
    pa.array([b"1002003007"], pa.large_binary()),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda column: str(column.type))
def test_a_number_of_parquet_is_its_digits(number: Any) -> None:  # noqa: ANN401 -- a column
    columns = {"id": number, "given": ["Arta"], "passport": number, "phones": number}
    for more in ({}, {"reasons": [{"a": 1}]}):
        said = one(PARQUET, parquet(columns | more))
        assert said["source_id"] == "1002003007"
        assert said["documents"][0]["number"] == "1002003007"
        assert said["phones"] == ["1002003007"]


def test_zeros_that_a_sheet_shows_before_a_number_are_read() -> None:
    header = ("id", "given", "personal_number", "phones", "never_match")
    row = (7, "Arta", 105990710012, 44123456.0, True)
    said = one(XLSX, workbook(header, row, shown="0" * 13))
    assert said["documents"][0]["number"] == "0105990710012"
    assert said["phones"] == ["0000044123456"]
    assert said["never_match"] == "true"
    plain = one(XLSX, workbook(header, row))
    assert (plain["source_id"], plain["phones"]) == ("7", ["44123456"])


@pytest.mark.parametrize("kind", [XLSX, PARQUET, LINES])
@pytest.mark.parametrize("marked", [True, 1, 1.0, "x"])
def test_a_mark_of_protection_is_understood_of_any_type(kind: str, marked: Any) -> None:  # noqa: ANN401 -- of any type
    header = ("id", "given", "never_match")
    assert one(kind, written(kind, header, ("1", "A", marked)))["never_match"] == "true"


def test_no_number_is_an_empty_cell() -> None:
    row = ("1", "Arta", float("nan"))
    for kind in (PARQUET, LINES):
        said = one(kind, written(kind, ("id", "given", "household"), row))
        assert "household" not in said


def test_a_mark_of_the_alphabet_is_no_part_of_the_first_row() -> None:
    rows = (("id", "given"), ("1", "Arta"))
    lines = jsonl({"id": "1", "given": "Arta"}) + b"\r\n\r\n"
    for kind, file in ((CSV, separated(*rows)), (LINES, lines)):
        marked = file.decode().encode("utf-8-sig")
        for charset in (None, "utf-8"):
            [said] = understood(kind, marked, charset)
            assert said["source_id"] == "1", (kind, charset)


def test_columns_and_rows_without_anything_are_left_out() -> None:
    text = b"id,given,family,,\r\n1,Arta,,,\r\n,,,,\r\n , ,\r\n2,Besa,Gashi\r\n"
    sheet = [
        ("id", "given", "family", None),
        (1, "Arta"),
        (None, " "),
        (2, "Besa", "x"),
    ]
    table = {"id": [1, None, 2], "given": ["Arta", None, "Besa"], "family": [None] * 3}
    files = {CSV: text, XLSX: workbook(*sheet), PARQUET: parquet(table)}
    for kind, file in files.items():
        given = [said["names"]["given"] for said in understood(kind, file)]
        assert given == ["Arta", "Besa"]
    beyond = understood(CSV, b"id,given,,\n1,Arta,,x\n")
    assert isinstance(beyond[0], tuple)  # a cell of no column is no row of this file


def test_no_column_of_a_sheet_is_left_out_for_being_far_to_the_right() -> None:
    header = ["id", "given", *["reasons"] * 198, "never_match"]
    with pytest.raises(Unreadable, match="200 columns"):
        opened(XLSX, workbook(header, ["1", "Arta"]))
    far = ["id", "given", *[None] * 400, "never_match"]
    with pytest.raises(Unreadable, match="200 columns"):
        opened(XLSX, workbook(far, ["1", "Arta"]))
    most = ["id", "given", *["reasons"] * 197, "never_match"]
    assert one(XLSX, workbook(most, ["1", "Arta", *[""] * 197, "x"]))["never_match"]


def test_the_rows_of_nested_parquet_are_json() -> None:
    [(number, [row])] = opened(PARQUET, parquet({"a": [{"b": [DAY]}]})).rows
    assert (number, json.loads(row)) == (1, {"a": {"b": ["1990-05-01"]}})
