from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.employment.contracts import Term, months_after, term
from services.employment.enterprise.rules import ACTIVITY_NEXT, PLAN_NEXT
from services.employment.money import Sum
from services.employment.placements.rules import (
    HOLDING,
    WHY,
    Content,
    Days,
    NotNext,
    Status,
    Why,
    move,
    reaches_further,
    takes_a_place,
)
from services.employment.placements.rules import NEXT as AFTER
from services.employment.retention.rules import due
from services.employment.vacancies.rules import (
    NEXT,
    Hours,
    NoSuchStep,
    State,
    VacancyClosed,
    hours,
    require_open,
    settled,
)
from services.employment.vacancies.rules import move as move_vacancy
from services.kit.money import DECIMALS

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


@given(days)
def test_the_second_check_is_due_after_the_first(start: date) -> None:
    third, sixth = due(start).values()
    assert start < third < sixth == months_after(start, 6)


@given(st.sampled_from(State), st.sampled_from(State))
def test_only_what_is_written_down_happens_to_a_vacancy(
    current: State, wanted: State
) -> None:
    if wanted in NEXT[current]:
        assert move_vacancy(current, wanted) is wanted
    else:
        with pytest.raises(NoSuchStep):
            move_vacancy(current, wanted)


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_only_what_is_written_down_happens_to_a_placement(
    current: Status, wanted: Status
) -> None:
    if wanted in AFTER[current]:
        assert move(current, wanted) is wanted
    else:
        with pytest.raises(NotNext):
            move(current, wanted)


@pytest.mark.parametrize("table", [NEXT, AFTER, ACTIVITY_NEXT, PLAN_NEXT])
def test_every_state_has_its_successors_written_down(
    table: dict[State, frozenset[State]],
) -> None:
    kind = type(next(iter(table)))
    assert table.keys() == set(kind)
    assert {state for after in table.values() for state in after} < set(kind)


def test_a_reason_is_asked_of_whatever_is_over_and_of_nothing_else() -> None:
    assert WHY.keys() == {status for status, after in AFTER.items() if not after}
    assert frozenset[Why]().union(*WHY.values()) == set(Why)


@given(st.sampled_from(State), st.integers(0, 5), st.integers(1, 5))
def test_a_vacancy_is_filled_while_its_places_are_taken(
    current: State, taken: int, places: int
) -> None:
    now = settled(current, taken, places)
    if current in {State.PUBLISHED, State.FILLED}:
        assert (now is State.FILLED) == (taken >= places)
        assert now in NEXT[current] | {current}
    else:
        assert now is current


@given(st.sampled_from(State))
def test_only_a_published_vacancy_takes_anybody(state: State) -> None:
    if state is State.PUBLISHED:
        require_open(state)
    else:
        with pytest.raises(VacancyClosed):
            require_open(state)


@given(st.sampled_from(Status), st.sampled_from([None, *Why]))
def test_who_takes_a_place_holds_the_days_too(status: Status, why: Why | None) -> None:
    assert status in HOLDING or not takes_a_place(status, why)


@given(days, lengths, days, lengths)
def test_days_that_reach_no_further_lie_within(
    first: date, length: int, other: date, more: int
) -> None:
    held = Days(first, first + timedelta(length))
    now = Days(other, other + timedelta(more))
    within = held.first <= now.first <= now.last <= held.last  # type: ignore[operator]
    assert reaches_further(held, now) is not within
    assert reaches_further(held, Days(first, None))
    assert not reaches_further(Days(first, None), held)
    assert reaches_further(None, now)
    assert not reaches_further(held, None)


@given(days, days)
def test_a_placement_ends_no_earlier_than_it_starts(one: date, other: date) -> None:
    key = "00000000-0000-7000-8000-000000000000"
    fields = {"vacancy": key, "registration": key}
    early, late = sorted((one, other))
    assert Content(starts_on=early, ends_on=late, **fields).ends_on == late
    if early != late:
        with pytest.raises(ValidationError):
            Content(starts_on=late, ends_on=early, **fields)


@given(st.integers(1, 60))
def test_from_35_hours_a_week_on_work_is_full_time(weekly: int) -> None:
    assert (hours(weekly) is Hours.FULL_TIME) == (weekly >= 35)


@given(st.sampled_from(["EUR", "RSD", *DECIMALS]), st.integers(1, 10**9))
def test_a_sum_is_exact_to_the_minor_unit_of_its_currency(
    currency: str, units: int
) -> None:
    places = DECIMALS.get(currency, 2)
    written = str(Decimal(units).scaleb(-places))
    assert str(Sum(amount=written, currency=currency).written) == written
    finer = f"{Decimal(units).scaleb(-places - 1):f}"
    if units % 10 and places < 4:
        with pytest.raises(ValidationError):
            Sum(amount=finer, currency=currency)
