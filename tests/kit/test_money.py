"""Money is exact: what is written comes back as it was, and nothing else is taken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.kit.money import DECIMALS, Amount, Percent, payable

AMOUNT: TypeAdapter[Decimal] = TypeAdapter(Amount)
PERCENT: TypeAdapter[Decimal] = TypeAdapter(Percent)


@given(st.integers(0, 10**18 - 1), st.integers(0, 4))
def test_what_is_written_comes_back_as_it_was(units: int, places: int) -> None:
    written = f"{Decimal(units).scaleb(-4 if units >= 10**14 else -places):f}"
    read = AMOUNT.validate_json(f'"{written}"')
    assert AMOUNT.dump_json(read) == f'"{written}"'.encode()


@pytest.mark.parametrize(
    "other", ["12.5", "12", "true", "null", '"1e3"', '" 1"', '"01"', '"-1"', '"1_0"']
)
def test_a_number_that_may_have_been_a_float_is_refused_and_so_is_what_is_none(
    other: str,
) -> None:
    for kind in (AMOUNT, PERCENT):
        with pytest.raises(ValidationError):
            kind.validate_json(other)


@given(st.sampled_from(["EUR", *DECIMALS]), st.integers(1, 10**9))
def test_nothing_is_payable_that_is_finer_than_its_currency(
    currency: str, units: int
) -> None:
    places = DECIMALS.get(currency, 2)
    exact = Decimal(units).scaleb(-places)
    assert payable(exact, currency) == exact
    assert payable(exact, currency).as_tuple().exponent == -places
    with pytest.raises(ValueError, match="decimals"):
        payable(exact + Decimal("0.00001"), currency)


def test_no_share_is_above_the_whole() -> None:
    assert PERCENT.validate_json('"100.0000"') == 100
    with pytest.raises(ValidationError):
        PERCENT.validate_json('"100.0001"')
