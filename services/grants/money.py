"""Money: exact decimals in a currency, in JSON as text, never a float."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_extra_types.currency_code import Currency

DIGITS: Final = 18
PLACES: Final = 4  # as many as any currency has
# ISO 4217, list one: how many decimals a currency has, where it is not two.
DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF".split(), 0),
    **dict.fromkeys("UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def _exact(value: object) -> object:
    """Refuse a JSON number: whoever reads it as a float has changed it already."""
    if isinstance(value, str | Decimal):
        return value
    message = 'write the number as text, such as "1250.00"'
    raise ValueError(message)


EXACT: Final = (
    BeforeValidator(_exact),
    PlainSerializer(
        lambda value: format(value, "f"), return_type=str, when_used="json"
    ),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,14}(\.\d{1,4})?$"}),
)
Amount = Annotated[
    Decimal, Field(ge=0, max_digits=DIGITS, decimal_places=PLACES), *EXACT
]
Percent = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=7, decimal_places=4),
    *EXACT[:2],
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,4})?$|^100(\.0{1,4})?$"}
    ),
]
WHOLE: Final = Decimal(100)


def minor_unit(currency: str) -> Decimal:
    """Give the smallest amount there is in a currency: 0.01 euro, 1 yen."""
    return Decimal(1).scaleb(-DECIMALS.get(currency, 2))


def payable(amount: Decimal, currency: str) -> Decimal:
    """Write an amount with its currency's decimals; what has more is refused."""
    unit = minor_unit(currency)
    if amount % unit:
        message = "has more decimals than its currency"
        raise ValueError(message)
    return amount.quantize(unit)


__all__ = ["WHOLE", "Amount", "Currency", "Percent", "minor_unit", "payable"]
