from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.beneficiaries.particulars import (
    BirthDate,
    Names,
    Particulars,
    Precision,
)

DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR


def recorded(**fields: Any) -> Particulars:  # noqa: ANN401 -- any field, right or wrong
    return Particulars.model_validate(
        {"names": {"given": "Mërgim", "family": "Prekazi"}, **fields}
    )


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("1990-05-01", "1990-05-01", DAY),
        ("01.05.1990", "1990-05-01", DAY),
        ("1. 5. 1990.", "1990-05-01", DAY),
        ("1/5/1990", "1990-05-01", DAY),
        ("19900501", "1990-05-01", DAY),
        ("05.1990", "1990-05", MONTH),
        ("1990-05", "1990-05", MONTH),
        (" 1990 ", "1990", YEAR),
    ],
)
def test_files_write_birth_dates_in_many_forms(
    text: str, value: str, precision: Precision
) -> None:
    assert BirthDate.written(text) == BirthDate(value=value, precision=precision)


@pytest.mark.parametrize("text", ["31.02.1990", "spring", "1990-13-01", "1789-07-14"])
def test_an_unreadable_birth_date_keeps_its_own_words(text: str) -> None:
    assert BirthDate.written(text) == BirthDate(as_written=text)


def test_an_empty_birth_date_is_unknown() -> None:
    assert BirthDate.written("  ") == BirthDate()


@given(st.text())
def test_any_text_can_be_read_as_a_birth_date(text: str) -> None:
    try:
        birth = BirthDate.written(text)
    except ValidationError as refusal:
        assert "control characters" in str(refusal)  # noqa: PT017 -- either is right
    else:
        assert BirthDate.model_validate(birth.model_dump()) == birth


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("1990-02-30", "day"),
        ("1990-05", "day"),
        ("1990-05-01", "month"),
        ("1990-05", "year"),
        ("1889", "year"),
        ("soon", "estimated"),
        ("1990", "unknown"),
        (None, "day"),
    ],
)
def test_a_birth_date_fits_its_precision(value: str | None, precision: str) -> None:
    with pytest.raises(ValidationError):
        recorded(birth={"value": value, "precision": precision})


def test_words_are_kept_only_of_an_unreadable_birth_date() -> None:
    with pytest.raises(ValidationError):
        recorded(birth={"value": "1990", "precision": "year", "as_written": "1990"})


def test_nobody_is_born_in_the_future() -> None:
    born = BirthDate(value="2026-11", precision=MONTH)
    assert born.possible_on(date(2026, 11, 1))
    assert not born.possible_on(date(2026, 10, 31))
    assert BirthDate().possible_on(date(1990, 1, 1))


@pytest.mark.parametrize("name", ["", "  ", "123", "-", "A\x07a", "a" * 201])
def test_a_name_is_bounded_and_has_a_letter(name: str) -> None:
    with pytest.raises(ValidationError):
        Names(given=name)


def test_one_of_the_two_names_is_enough() -> None:
    assert Names(family="Вељовић").given is None
    with pytest.raises(ValidationError):
        Names(father="Hysni")


def test_texts_are_stripped_and_composed() -> None:
    assert Names(given="  Me\u0308rgim  Ali ").given == "M\u00ebrgim Ali"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("044 123 456", "+38344123456"),
        ("+383 44/123-456", "+38344123456"),
        ("+381 64 1234567", "+381641234567"),
    ],
)
def test_phones_are_stored_in_one_form(written: str, stored: str) -> None:
    assert recorded(phones=[written]).phones == (stored,)


@pytest.mark.parametrize(
    "fields",
    [
        {"phones": ["12"]},
        {"phones": ["no phone"]},
        {"phones": ["044123456"] * 6},
        {"place": "atlantis"},
        {"documents": [{"kind": "passport", "number": "1", "country": "xk"}]},
        {"documents": [{"kind": "passport", "number": "1", "country": "ZZ"}]},
        {"documents": [{"kind": "licence", "number": "1"}]},
        {"documents": [{"kind": "passport", "number": " "}]},
        {"community": "any"},
    ],
)
def test_what_is_not_on_the_form_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        recorded(**fields)


def test_a_refusal_does_not_repeat_what_was_entered() -> None:
    with pytest.raises(ValidationError) as refused:
        recorded(phones=["canary"])
    assert "canary" not in str(refused.value)


def test_particulars_survive_json() -> None:
    full = recorded(
        sex="female",
        birth={"value": "1990-05", "precision": "month"},
        place="zvecan",
        phones=["044123456"],
        documents=[{"kind": "passport", "number": "P1", "country": "XK"}],
    )
    assert Particulars.model_validate_json(full.model_dump_json()) == full
