"""A sealed value opens in its own place with its own key, and shows itself nowhere."""

import copy
import json
import pickle
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import Column
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from services.beneficiaries.tables import Table
from services.kit.columns import SealedColumn
from services.kit.sealing import (
    SMALLEST,
    CannotLeave,
    CannotOpen,
    DataKey,
    Key,
    Personal,
    Place,
    Protected,
    Recorded,
    Sealed,
    derive,
    new_key,
    pad,
    unpad,
)

KEY = DataKey.of(new_key())
HERE = Place("registration_version", "personal", uuid4())
NAME = b"Kanarinjo"
SEALED = Personal(KEY.seal(NAME, HERE))
ELSEWHERE = {
    "another table": replace(HERE, table="trait"),
    "another column": replace(HERE, column="communities"),
    "another row": replace(HERE, row=uuid4()),
}


class Row(Table, table=True):
    """A table with a sealed column, as the registry's."""

    id: UUID = Field(primary_key=True)
    personal: Personal = Field(sa_column=Column(SealedColumn(Personal)))


class Careless(BaseModel):
    """A view that somebody gave a sealed field."""

    name: Personal


@given(st.binary(max_size=3000))
def test_what_was_sealed_is_opened(plain: bytes) -> None:
    assert KEY.open(Personal(KEY.seal(plain, HERE)), HERE) == plain


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=list(ELSEWHERE))
def test_a_value_moved_elsewhere_does_not_open(place: Place) -> None:
    with pytest.raises(CannotOpen):
        KEY.open(SEALED, place)
    with pytest.raises(CannotOpen):
        KEY.disclose(Protected(SEALED.at_rest()), place, Recorded(place))


def test_a_value_does_not_open_with_the_key_of_another_row() -> None:
    with pytest.raises(CannotOpen):
        DataKey.of(new_key()).open(SEALED, HERE)


@given(st.integers(min_value=0, max_value=len(SEALED.at_rest()) * 8 - 1))
def test_a_value_with_one_bit_changed_does_not_open(bit: int) -> None:
    changed = bytearray(SEALED.at_rest())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        KEY.open(Personal(bytes(changed)), HERE)


@pytest.mark.parametrize("length", [0, 11, 12, 27])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    with pytest.raises((CannotOpen, ValueError)) as refusal:
        KEY.open(Personal(SEALED.at_rest()[:length]), HERE)
    assert NAME.decode() not in str(refusal.value)


def test_a_wrapped_key_opens_for_its_own_record_alone() -> None:
    above, row = Key.of(new_key()), uuid4()
    raw = new_key()
    wrapped = above.wrap(raw, row.bytes)
    sealed = DataKey.of(raw).seal(NAME, HERE)
    assert above.unwrap(wrapped, row.bytes).open(Personal(sealed), HERE) == NAME
    with pytest.raises(CannotOpen):
        above.unwrap(wrapped, uuid4().bytes)
    with pytest.raises(CannotOpen):
        Key.of(new_key()).unwrap(wrapped, row.bytes)


def test_a_disclosure_opens_the_place_that_is_on_record_alone() -> None:
    protected = Protected(SEALED.at_rest())
    assert KEY.disclose(protected, HERE, Recorded(HERE)) == NAME
    with pytest.raises(CannotOpen):
        KEY.disclose(protected, HERE, Recorded(ELSEWHERE["another row"]))


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({KEY.seal(NAME, HERE) for _ in range(100)}) == 100


@given(st.binary(max_size=3000))
def test_padding_comes_off_whole_and_leaves_few_lengths(plain: bytes) -> None:
    padded = pad(plain)
    assert unpad(padded) == plain
    assert len(padded) > len(plain)
    assert len(padded) in {SMALLEST << step for step in range(6)}


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("Ljiljana Radosavljević", "Љиљана Радосављевић"), ("Mërgim", "Мергим")],
)
def test_a_cyrillic_name_is_no_longer_than_a_latin_one(
    latin: str, cyrillic: str
) -> None:
    plain = [
        json.dumps(name, ensure_ascii=False).encode() for name in (latin, cyrillic)
    ]
    assert len(plain[0]) != len(plain[1])
    assert len({len(KEY.seal(one, HERE)) for one in plain}) == 1


def test_a_sealed_value_prints_nothing() -> None:
    row = Row(id=uuid4(), personal=SEALED)
    for printed in (repr(SEALED), str(SEALED), f"{SEALED}", repr(row), repr(KEY)):
        assert NAME.decode() not in printed
        assert SEALED.at_rest().hex() not in printed
        assert str(SEALED.at_rest()) not in printed
    assert repr(SEALED) == "Personal(…)"


def test_a_sealed_value_cannot_be_serialised() -> None:
    for attempt in (
        lambda: json.dumps(SEALED),
        lambda: pickle.dumps(SEALED),
        lambda: copy.copy(SEALED),
        lambda: copy.deepcopy(SEALED),
    ):
        with pytest.raises(TypeError):
            attempt()


def test_a_row_or_view_with_a_sealed_value_cannot_be_serialised() -> None:
    for holder in (Row(id=uuid4(), personal=SEALED), Careless(name=SEALED)):
        for dump in (holder.model_dump, holder.model_dump_json):
            with pytest.raises((CannotLeave, ValueError), match="sealed value"):
                dump()


def test_a_view_with_a_sealed_value_cannot_be_documented() -> None:
    app = FastAPI()

    @app.get("/name")
    def read() -> Careless:
        return Careless(name=SEALED)

    with pytest.raises(CannotLeave):
        app.openapi()


@pytest.mark.parametrize("plain", [NAME, "Kanarinjo", Protected(b"x"), Sealed(b"x")])
def test_a_column_takes_sealed_values_of_its_own_kind_alone(plain: Any) -> None:  # noqa: ANN401 -- anything plain
    column, dialect = SealedColumn(Personal), postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    assert column.process_bind_param(SEALED, dialect) == SEALED.at_rest()
    assert column.process_bind_param(None, dialect) is None
    with pytest.raises(CannotLeave):
        column.process_bind_param(plain, dialect)


def test_a_column_gives_back_what_it_took() -> None:
    column, dialect = SealedColumn(Personal), postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    found = column.process_result_value(SEALED.at_rest(), dialect)
    assert isinstance(found, Personal)
    assert KEY.open(found, HERE) == NAME
    assert column.process_result_value(None, dialect) is None


def test_derived_keys_differ_by_use_and_by_master() -> None:
    masters = bytes(32), bytes(31) + b"\x01"
    derived = {derive(m, use) for m in masters for use in ("agency keys", "match keys")}
    assert len(derived) == 4
    assert derive(masters[0], "x") == derive(masters[0], "x")
    assert {len(key) for key in derived} == {32}
