from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.employment.placements.rules import Content, Term, months_after, term
from services.employment.vacancies.rules import (
    NEXT,
    State,
    VacancyClosed,
    after_placing,
    move,
)

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
lengths = st.integers(0, 400)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), Term.LONG),
        (date(2026, 1, 1), date(2026, 6, 29), Term.SHORT),
        (date(2025, 8, 31), date(2026, 2, 27), Term.LONG),
        (date(2025, 8, 31), date(2026, 2, 26), Term.SHORT),
        (date(2023, 8, 31), date(2024, 2, 28), Term.LONG),
        (date(2026, 7, 15), date(2027, 1, 14), Term.LONG),
        (date(2026, 7, 15), date(2026, 7, 15), Term.SHORT),
        (date(2026, 1, 1), None, Term.LONG),
    ],
)
def test_six_months_make_a_placement_long(
    starts_on: date, ends_on: date | None, expected: Term
) -> None:
    assert term(starts_on, ends_on) is expected


@given(days, lengths)
def test_one_day_more_never_makes_a_placement_shorter(start: date, length: int) -> None:
    one, more = (term(start, start + timedelta(length + step)) for step in (0, 1))
    assert (one, more) != (Term.LONG, Term.SHORT)


@given(days, lengths)
def test_half_a_year_is_between_181_and_184_days(start: date, length: int) -> None:
    found = term(start, start + timedelta(length - 1))
    assert found is Term.SHORT or length >= 181
    assert found is Term.LONG or length < 184


@given(days, st.integers(0, 120))
def test_months_later_is_that_many_months_later(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    last_of_month = (later + timedelta(days=1)).day == 1
    assert later.day == day.day or (last_of_month and later.day < day.day)


@given(st.sampled_from(State), st.sampled_from(State))
def test_only_what_is_written_down_happens_to_a_vacancy(
    current: State, wanted: State
) -> None:
    if (current, wanted) == (State.PUBLISHED, State.CLOSED):
        assert move(current, wanted) is wanted
    else:
        with pytest.raises(VacancyClosed):
            move(current, wanted)


def test_every_state_has_its_successors_written_down() -> None:
    assert NEXT.keys() == set(State)


@given(st.integers(1, 1000))
def test_a_vacancy_takes_as_many_as_it_has_places(places: int) -> None:
    state = State.PUBLISHED
    for taken in range(places):
        assert state is State.PUBLISHED
        state = after_placing(state, taken, places)
    with pytest.raises(VacancyClosed):
        after_placing(state, places, places)


@given(days, days)
def test_a_placement_ends_no_earlier_than_it_starts(one: date, other: date) -> None:
    key = "00000000-0000-7000-8000-000000000000"
    fields = {"vacancy": key, "registration": key}
    early, late = sorted((one, other))
    assert Content(starts_on=early, ends_on=late, **fields).ends_on == late
    if early != late:
        with pytest.raises(ValidationError):
            Content(starts_on=late, ends_on=early, **fields)
