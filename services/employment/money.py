"""Money: exact decimals in a currency (ISO 4217), to its minor unit; never a float."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    WithJsonSchema,
    model_validator,
)
from pydantic_extra_types.currency_code import Currency

WRITTEN: Final = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$"
CENTS: Final = 2
# ISO 4217 gives most currencies two decimal places; these have others.
MINOR_UNITS: Final[Mapping[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF".split(), 0),
    **dict.fromkeys("UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def _written(value: object) -> object:
    """Take text alone: a JSON number may have been a float on its way."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(WRITTEN, value):
        message = "an amount is written as text, as in “1250.00”"
        raise ValueError(message)
    return Decimal(value)


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        message = "an amount is more than nothing"
        raise ValueError(message)
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_written),
    AfterValidator(_positive),
    WithJsonSchema({"type": "string", "pattern": WRITTEN, "examples": ["1250.00"]}),
]


class Sum(BaseModel):
    """An amount in a currency; one with more decimal places than it has is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount
    currency: Currency

    @model_validator(mode="after")
    def _exact(self) -> Self:
        if self.written != self.amount:
            message = "an amount has no more decimal places than its currency"
            raise ValueError(message)
        return self

    @property
    def written(self) -> Decimal:
        """Write the amount as it is kept: to the minor unit of its currency."""
        unit = Decimal(1).scaleb(-MINOR_UNITS.get(self.currency, CENTS))
        return self.amount.quantize(unit)
