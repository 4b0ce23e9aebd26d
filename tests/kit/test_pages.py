"""A list is read forward from a mark that only the registry reads."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.kit.ids import new_id
from services.kit.pages import LARGEST, PageQuery, cursor, read_cursor
from services.kit.refusals import Invalid


@given(st.uuids())
def test_a_cursor_is_read_as_what_it_marks(last: UUID) -> None:
    assert read_cursor(cursor(last)) == last
    assert PageQuery(cursor=cursor(last)).after() == last
    assert "=" not in cursor(last)


@given(st.text(max_size=64))
def test_what_is_no_cursor_is_refused_without_being_repeated(text: str) -> None:
    told = {"pointer": "/query/cursor", "reason": "Not a cursor of this list."}
    errors: tuple[Mapping[str, str], ...] = (told,)
    try:
        read_cursor(text)  # a text of the right length may be one
    except Invalid as refusal:
        errors = refusal.errors
    assert errors == (told,)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_cursor_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        read_cursor(urlsafe_b64encode(bytes(length)).decode())


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": LARGEST + 1}, {"cursor": "x" * 65}, {"page": 2}]
)
def test_an_impossible_page_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PageQuery.model_validate(asked)


def test_a_list_begins_at_its_beginning() -> None:
    assert PageQuery().after() is None
    assert PageQuery().limit <= LARGEST


def test_ids_are_of_version_seven_and_sort_by_their_millisecond() -> None:
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {(one.version, one.variant) for one in made} == {
        (7, "specified in RFC 4122")
    }
    milliseconds = [one.int >> 80 for one in made]
    assert milliseconds == sorted(milliseconds)
