"""What is recorded of a wage subsidy."""

from uuid import UUID

from services.employment.contracts import Day
from services.employment.money import Sum


class Content(Sum):
    """What an award of the grants service pays towards the wage of a placement.

    `award` is its id there; employment does not ask whether it has so much left.
    """

    award: UUID
    paid_on: Day
