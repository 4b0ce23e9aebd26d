"""Money and shares: exact decimals, to a currency's minor unit; in JSON as text."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_extra_types.currency_code import Currency

WHOLE: Final = Decimal(100)
WRITTEN: Final = r"^(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?$"
# ISO 4217, list one: how many decimals a currency has, where it is not two.
DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF".split(), 0),
    **dict.fromkeys("UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def _exact(value: object) -> object:
    """Refuse a JSON number: whoever reads it as a float has changed it already."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and re.fullmatch(WRITTEN, value):
        return Decimal(value)
    message = 'write the number as text, such as "1250.00"'
    raise ValueError(message)


EXACT: Final = (
    BeforeValidator(_exact),
    PlainSerializer(
        lambda value: format(value, "f"), return_type=str, when_used="json"
    ),
)
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=18, decimal_places=4),
    *EXACT,
    WithJsonSchema({"type": "string", "pattern": WRITTEN, "examples": ["1250.00"]}),
]
Percent = Annotated[
    Decimal,
    Field(ge=0, le=WHOLE, max_digits=7, decimal_places=4),
    *EXACT,
    WithJsonSchema(
        {"type": "string", "pattern": r"^(0|[1-9]\d?)(\.\d{1,4})?$|^100(\.0{1,4})?$"}
    ),
]


def payable(amount: Decimal, currency: str) -> Decimal:
    """Write an amount with its currency's decimals; what has more is refused."""
    unit = Decimal(1).scaleb(-DECIMALS.get(currency, 2))
    if amount % unit:
        message = "has more decimals than its currency"
        raise ValueError(message)
    return amount.quantize(unit)


__all__ = ["WHOLE", "Amount", "Currency", "Percent", "payable"]
