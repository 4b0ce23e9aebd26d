"""What is recorded of a wage subsidy."""

from http import HTTPStatus
from uuid import UUID

from services.employment.contracts import Day
from services.employment.money import Sum
from services.kit.refusals import Refusal


class OtherSubsidy(Refusal):
    """Another subsidy of yours was recorded under this idempotency key."""

    status = HTTPStatus.CONFLICT


class Content(Sum):
    """What an award of the grants service pays towards the wage of a placement.

    `award` is its id there; employment does not ask whether it has so much left.
    """

    award: UUID
    paid_on: Day
