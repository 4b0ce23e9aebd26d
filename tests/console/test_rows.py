import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import births
from console.births import birth
from console.rows import COLUMNS, Row
from services.beneficiaries import particulars
from services.beneficiaries.imports import rules
from services.beneficiaries.particulars import BirthDate
from services.beneficiaries.registry.rules import Content

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


def test_a_full_row_is_what_the_registry_takes() -> None:
    assert FULL.keys() == {*COLUMNS}
    taken = rules.read(Row(2, FULL).content(), datetime.now(UTC).date())
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


def test_empty_cells_say_nothing() -> None:
    cells = dict.fromkeys(FULL, " ") | {"source_id": "U-1", "given": " Arta"}
    assert Row(2, cells).content() == {"source_id": "U-1", "names": {"given": "Arta"}}


def test_preferring_not_to_say_is_said() -> None:
    said = FULL | {"communities": "prefers_not_to_say"}
    taken = rules.read(Row(2, said).content(), date(2026, 1, 1))
    assert isinstance(taken, Content)
    assert taken.communities.prefers_not_to_say is True


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
