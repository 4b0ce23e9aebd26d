import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import births
from console.births import birth
from console.client import Failure
from console.rows import COLUMNS, read
from services.beneficiaries import particulars
from services.beneficiaries.imports import rules
from services.beneficiaries.particulars import BirthDate
from services.beneficiaries.registry.rules import Content
from tests.console.conftest import Run

FULL = {
    "source_id": "U-7",
    "given": "Љубица",
    "family": "Вељовић",
    "father": "Hysni",
    "former_family": "Radojković",
    "sex": "female",
    "birth": "7.3.1984.",
    "place": "mitrovica-north",
    "address": "Rruga e Lisit 7",
    "phones": "+38344123456; 044 765 432",
    "document_kind": "id_card",
    "document_number": "A-99",
    "document_country": "XK",
    "household": "H-1",
    "never_match": "true",
    "communities": "serb;bosniak",
}


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "people.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_a_full_row_is_what_the_registry_takes(tmp_path: Path) -> None:
    assert FULL.keys() == {*COLUMNS}
    cells = (f'"{cell}"' for cell in FULL.values())
    file = written(tmp_path, f"{','.join(FULL)}\r\n{','.join(cells)}\r\n")
    [row] = read(file).rows
    taken = rules.read(row.content(), datetime.now(UTC).date())
    assert isinstance(taken, Content)
    assert taken.names.former_family == "Radojković"
    assert taken.birth.value == "1984-03-07"
    assert taken.phones == ("+38344123456", "+38344765432")
    [document] = taken.documents
    assert (document.kind, document.number, document.country) == (
        "id_card",
        "A-99",
        "XK",
    )
    assert taken.never_match is True
    assert taken.communities.declared == ("serb", "bosniak")


def test_empty_cells_say_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, ",".join(FULL) + "\nU-1,Arta" + "," * (len(FULL) - 2))
    [row] = read(file).rows
    assert row.content() == {"source_id": "U-1", "names": {"given": "Arta"}}


def test_preferring_not_to_say_is_said(tmp_path: Path) -> None:
    text = "source_id,given,communities\nU-1,Arta,prefers_not_to_say"
    [row] = read(written(tmp_path, text)).rows
    taken = rules.read(row.content(), date(2026, 1, 1))
    assert isinstance(taken, Content)
    assert taken.communities.prefers_not_to_say is True


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_lines_are_counted_as_an_editor_does(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = 'source_id,given,address\nU-1,Arta,"one\ntwo"\n\nU-2,Agim,\nU-3,Ana\n'
    file = written(tmp_path, text.replace(",", separator), encoding)
    sheet = read(file)
    assert sheet.columns == ("source_id", "given", "address")
    assert [(row.line, row.ragged) for row in sheet.rows] == [
        (2, False),
        (5, False),
        (6, True),
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "sentence"),
    [
        ("source_id,given,religion\n", "utf-8", "columns we do not know (“religion”)"),
        ("source_id,given,given\n", "utf-8", "has a column twice"),
        ("given,family\n", "utf-8", "lacks a column"),
        ("source_id,birth\n", "utf-8", "lacks a column"),
        ("", "utf-8", "lacks a column"),
        ("source_id,given\nU-1,Mërgim\n", "latin-1", "not text in UTF-8"),
        ('source_id,given\nU-1,"Arta\n', "utf-8", "not a well-formed CSV"),
        ("\x89PNG\r\n\x1a\n", "latin-1", "not text in UTF-8"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_a_sentence(
    tmp_path: Path, text: str, encoding: str, sentence: str
) -> None:
    with pytest.raises(Failure) as refused:
        read(written(tmp_path, text, encoding))
    assert sentence in str(refused.value)


def test_a_file_that_is_missing_is_told_by_its_name(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "nothing.csv"
    result = run("registrations", "import", missing)
    assert result.exit_code == 1
    assert result.output == f"There is no file {missing}.\n"


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("1990-05-01", "1990-05-01", "day"),
        ("19900501", "1990-05-01", "day"),
        ("1.5.1990", "1990-05-01", "day"),
        ("01. 05. 1990.", "1990-05-01", "day"),
        ("1990-05", "1990-05", "month"),
        ("1990", "1990", "year"),
    ],
)
def test_a_birth_date_is_read_as_far_as_it_is_written(
    text: str, value: str, precision: str
) -> None:
    assert birth(text) == {"value": value, "precision": precision}


@pytest.mark.parametrize(
    "text", ["30.2.1990", "1990-13", "19901301", "5/1/1990", "ca. 1990", "1889", "0000"]
)
def test_what_cannot_be_read_keeps_its_own_words(text: str) -> None:
    assert birth(text) == {"as_written": text}


@given(st.dates(date(1880, 1, 1), date(2030, 12, 31)), st.sampled_from("-.M8Y"))
def test_the_console_reads_dates_as_the_registry_does(day: date, form: str) -> None:
    forms = {
        "-": day.isoformat(),
        ".": f"{day.day}.{day.month}.{day.year}",
        "M": day.isoformat()[:7],
        "8": day.isoformat().replace("-", ""),
        "Y": day.isoformat()[:4],
    }
    ours = BirthDate.model_validate_json(json.dumps(birth(forms[form])))
    assert ours == BirthDate.written(forms[form])


def test_the_console_and_the_registry_agree_on_the_earliest_year() -> None:
    assert births.EARLIEST_YEAR == particulars.EARLIEST_YEAR
