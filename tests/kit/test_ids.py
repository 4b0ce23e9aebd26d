"""Ids sort as they were made, also within a millisecond and when a clock goes back."""

import time
from uuid import RFC_4122

import pytest

from services.kit.ids import Ids, new_id


def test_ids_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_says_its_version_and_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = Ids()()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_a_clock_that_goes_back_turns_nothing_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = Ids()
    later = ids()
    past = time.time_ns() - 10**12
    monkeypatch.setattr(time, "time_ns", lambda: past)
    assert ids() > later
