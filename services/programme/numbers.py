"""Figures: exact decimals, in JSON as text, never a float."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

PLAIN: Final = re.compile(r"\d+(\.\d+)?\Z", re.ASCII)


def _exact(value: object) -> object:
    """Refuse a JSON number: whoever reads it as a float has changed it already."""
    if isinstance(value, Decimal) or (isinstance(value, str) and PLAIN.match(value)):
        return value
    message = 'write the number as text, such as "1250.00"'
    raise ValueError(message)


_written: Final = PlainSerializer(
    lambda value: format(value, "f"), return_type=str, when_used="json"
)
Figure = Annotated[
    Decimal,
    Field(ge=0, max_digits=18, decimal_places=4),
    BeforeValidator(_exact),
    _written,
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,14}(\.\d{1,4})?$"}),
]
Percent = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=7, decimal_places=4),
    BeforeValidator(_exact),
    _written,
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,4})?$|^100(\.0{1,4})?$"}
    ),
]
Difference = Annotated[
    Decimal,
    _written,
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,14}(\.\d{1,4})?$"}),
]
