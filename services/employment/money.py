"""A sum: an amount above nothing, in a currency."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kit.money import Amount, Currency, payable


class Sum(BaseModel):
    """An amount in a currency; one with more decimal places than it has is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency

    @model_validator(mode="after")
    def _exact(self) -> Self:
        payable(self.amount, self.currency)
        return self

    @property
    def written(self) -> Decimal:
        """Write the amount as it is kept: to the minor unit of its currency."""
        return payable(self.amount, self.currency)
