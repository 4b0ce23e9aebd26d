"""A file becomes registrations, whatever wrote it: good rows go in, others say why."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from fastapi import FastAPI

from tests.beneficiaries.conftest import registration
from tests.beneficiaries.imports.conftest import HEADER, Json, Sender, csv, people
from tests.beneficiaries.imports.written import LINES, PARQUET, XLSX, jsonl

CANARY = "Kanarinjo"


def read(listed: list[Json]) -> Json:
    [one] = listed
    return one


async def test_good_rows_go_in_and_bad_ones_say_why(unicef: Sender) -> None:
    bad = f"U-9,{CANARY},,1990,{CANARY},"
    done = await unicef.imported(csv(*people(3), bad, "U-10,Only,three"))
    assert done["state"] == "accepted"
    counts = {name: done[name] for name in ("rows", "recorded", "refused", "unchanged")}
    assert counts == {"rows": 5, "recorded": 3, "refused": 2, "unchanged": 0}
    listed = await unicef.registrations()
    assert {one["source_id"] for one in listed} == {"U-0", "U-1", "U-2"}
    header, sex, ragged = await unicef.refused(done["id"])
    assert header == f"line,reasons,{HEADER}"
    assert sex.startswith('5,"/sex: Input should be')
    assert sex.endswith(bad)
    assert ragged.startswith("6,The row has more or fewer cells")


async def test_refused_rows_come_back_corrected(unicef: Sender) -> None:
    header = "source_id,given,sex,phones,address"
    file = csv("U-1,Arta,?,+38344123456,=1+1", header=header)
    refused = await unicef.refused((await unicef.imported(file))["id"])
    assert refused[1].endswith("U-1,Arta,?,'+38344123456,'=1+1")  # no formula
    corrected = "\n".join(refused).replace("?", "ž").encode()
    done = await unicef.imported(corrected)
    assert (done["recorded"], done["refused"]) == (1, 0)
    one = read(await unicef.registrations())
    assert (one["sex"], one["phones"], one["address"]) == (
        "female",
        ["+38344123456"],
        "=1+1",
    )


async def test_lines_are_counted_as_an_editor_does(unicef: Sender) -> None:
    text = 'source_id,given,address\nU-1,?,"one\ntwo"\n\nU-2,?,\nU-3,?\n'
    done = await unicef.imported(text.encode())
    lines = [row.split(",")[0] for row in await unicef.refused(done["id"])]
    assert [line for line in lines if line.isdigit()] == ["2", "5", "6"]


BORN = {
    "1.5.1990": "1990-05-01",
    "31/12/1990": "1990-12-31",
    "05/05/1990": "1990-05-05",
    "5/1/1990": None,  # in May or in January: nobody can tell
    "12/31/1990": None,
    "about 1990": None,
}


async def test_a_birth_date_that_could_mean_two_days_is_kept_as_written(
    unicef: Sender,
) -> None:
    rows = [f"{born},{given}" for born, given in zip(BORN, "ABCDEF", strict=True)]
    done = await unicef.imported(
        csv(
            *(f"{n},{row}" for n, row in enumerate(rows)),
            header="source_id,birth,given",
        )
    )
    assert (done["recorded"], done["unreadable"]) == (6, 3)
    listed = {one["source_id"]: one["birth"] for one in await unicef.registrations()}
    for number, (written, value) in enumerate(BORN.items()):
        assert listed[str(number)]["value"] == value
        assert listed[str(number)]["as_written"] == (None if value else written)


HERE = "Šifra;Emri;Презиме;Datum rođenja;Pol;Општина;Lični broj;Zajednica;Telefon"
PERSON = "7;Љubica;Вељовић;7.3.1984.;Ž;Јужна Митровица;1002003007;srpkinja;044 123 456"


async def test_headers_and_words_of_the_region_are_understood(
    unicef: Sender,
) -> None:
    file = f"{HERE}\r\n{PERSON}\r\n"
    assert (await unicef.imported(file.encode("utf-8-sig")))["recorded"] == 1
    for separator in (",", "\t"):
        other = file.replace(";", separator).encode()
        assert (await unicef.imported(other))["unchanged"] == 1
    one = read(await unicef.registrations())
    assert one["source_id"] == "7"
    assert one["birth"]["value"] == "1984-03-07"
    assert (one["sex"], one["place"]) == ("female", "mitrovica-south")
    assert one["phones"] == ["+38344123456"]
    assert one["documents"][0]["kind"] == "personal_number"


WRITTEN = [
    ("utf-16", "Ђорђе Ëndrra", "text/csv"),
    ("windows-1251", "Ђорђе Љубица", "text/csv"),
    ("windows-1250", "Đorđe Žikić", "text/csv"),
    ("windows-1250", "Đorđe Žikić", "text/csv; charset=windows-1250"),
]


async def test_alphabets_bytes_are_found_out(unicef: Sender) -> None:
    for number, (charset, name, kind) in enumerate(WRITTEN):
        file = csv(f"U-{number},{name},{name},1990,,").decode().encode(charset)
        assert (await unicef.imported(file, kind))["refused"] == 0
    given = {
        one["source_id"]: one["names"]["given"] for one in await unicef.registrations()
    }
    assert given == {f"U-{n}": name for n, (_, name, _) in enumerate(WRITTEN)}


async def test_a_workbook_is_read(unicef: Sender) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["source_id", "given", "family", "birth", "household", None])
    sheet.append([417, "Mërgim", "Prekazi", date(1990, 5, 1), 12.0])
    sheet.append([None, None])
    sheet.append([418, "Besa", None, "1991"])
    file = io.BytesIO()
    book.save(file)
    done = await unicef.imported(file.getvalue(), XLSX)
    assert (done["rows"], done["recorded"]) == (2, 2)
    listed = {one["source_id"]: one for one in await unicef.registrations()}
    assert listed["417"]["birth"]["value"] == "1990-05-01"
    assert listed["417"]["household"] == "12"
    assert listed["418"]["names"]["family"] is None


async def test_columns_of_parquet_are_read(unicef: Sender) -> None:
    table = pa.table(
        {
            "source_id": [1, 2],
            "given": ["Arta", "Besa"],
            "birth": [date(1990, 5, 1), None],
            "phones": [["044123456", "044654321"], []],
            "never_match": [True, False],
        }
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    assert (await unicef.imported(file.getvalue(), PARQUET))["recorded"] == 2
    first = {one["source_id"]: one for one in await unicef.registrations()}["1"]
    assert first["phones"] == ["+38344123456", "+38344654321"]
    assert (first["birth"]["value"], first["never_match"]) == ("1990-05-01", True)


async def test_lines_of_json_are_read_as_registrations_or_as_rows(
    unicef: Sender,
) -> None:
    flat = {"id": 7, "emri": "Arta", "mbiemri": None, "birth": "1990"}
    whole = registration(source_id="U-1") | {"names": {"given": "Besa"}}
    wrong = [[1], {"id": 8, "nickname": CANARY}, registration(sex=CANARY)]
    done = await unicef.imported(jsonl(flat, whole, *wrong) + b"\n{", LINES)
    assert (done["recorded"], done["refused"]) == (2, 4)
    assert {one["source_id"] for one in await unicef.registrations()} == {"7", "U-1"}
    reasons = [row.split(",")[1] for row in (await unicef.refused(done["id"]))[1:]]
    assert CANARY not in "".join(reasons)
    assert len(reasons) == 4


NOT_READ: list[tuple[bytes, str, str]] = [
    (b"", "text/csv", "column is missing"),
    (csv("U-1,Arta", header="source_id,sex"), "text/csv", "column is missing"),
    (csv("x", header="source_id,given,emri"), "text/csv", "column 2, column 3"),
    (b"\xff\x81\x83\x98 given", "text/csv", "damaged"),
    (b"PK\x03\x04nothing", XLSX, "damaged"),
    (b"PAR1nothing", PARQUET, "damaged"),
]


async def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    unicef: Sender,
) -> None:
    for file, kind, why in NOT_READ:
        done = await unicef.imported(file, kind)
        assert done["state"] == "refused"
        assert why in done["reason"]
    assert await unicef.registrations() == []


async def test_an_unknown_column_is_named_to_its_agency_alone(unicef: Sender) -> None:
    done = await unicef.imported(csv("U-1,Arta,x", header=f"source_id,given,{CANARY}"))
    assert done["state"] == "refused"
    assert "column 3" in done["reason"]
    assert CANARY not in done["reason"]  # it may be somebody's name
    assert done["columns"] == [CANARY]


async def test_a_mapping_is_saved_once_and_used_later(
    unicef: Sender, who: Sender
) -> None:
    body = {"name": "monthly", "columns": {"Kodi i Rastit": "source_id", "X": "ignore"}}
    file = csv("U-1,Arta,private", header="KODI I RASTIT,given,x")
    assert (await unicef.send(file, mapping="monthly")).status_code == 422
    assert (await unicef.agency.put("/imports/mappings", body)).status_code == 200
    assert (await unicef.imported(file, mapping="monthly"))["recorded"] == 1
    assert (await who.send(file, mapping="monthly")).status_code == 422  # not theirs
    [saved] = (await unicef.agency.get("/imports/mappings")).json()
    assert saved["columns"] == body["columns"]
    gone = f"/imports/mappings/{saved['id']}"
    assert (await who.agency.request("DELETE", gone)).status_code == 404
    assert (await unicef.agency.request("DELETE", gone)).status_code == 204
    assert (await unicef.send(file, mapping="monthly")).status_code == 422


async def test_a_mapping_to_no_field_of_ours_is_refused(unicef: Sender) -> None:
    for field in ("nickname", "agency", ""):
        body = {"name": "monthly", "columns": {"A": field}}
        assert (await unicef.agency.put("/imports/mappings", body)).status_code == 422


async def test_other_kinds_of_files_and_charsets_are_refused(unicef: Sender) -> None:
    assert (await unicef.send(b"x", "application/pdf")).status_code == 415
    assert (await unicef.send(b"x", "text/csv; charset=ebcdic")).status_code == 422
    assert (await unicef.agency.get("/imports")).json()["items"] == []


async def test_a_file_may_be_longer_than_a_form_but_not_without_end(
    unicef: Sender, app: FastAPI
) -> None:
    long = csv(f"U-1,Arta,,,,{'x' * 6_000_000}")
    answer = await unicef.send(long)
    assert (answer.status_code, answer.json()["size"]) == (201, len(long))
    app.state.depot = replace(app.state.depot, largest=len(long) - 1)
    assert (await unicef.send(long + b"\n")).status_code == 413
    states = [one["state"] for one in (await unicef.listed())]
    assert states == ["cancelled", "received"]
