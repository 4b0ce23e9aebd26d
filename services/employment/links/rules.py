"""What is recorded of a business link and the trade in it, and what is no link.

A link is across municipalities, which anybody can see of a business. Whether it is also
across communities is not recorded here, not even as yes or no: beside the two
businesses' names that would tell whose they are.
"""

from http import HTTPStatus
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.employment.contracts import Day
from services.employment.money import Sum
from services.employment.texts import ProgrammeCode
from services.kit.refusals import Refusal
from services.kit.texts import Line


class NotAcross(Refusal):
    """A business link joins two businesses known to be in different municipalities."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AlreadyLinked(Refusal):
    """These two businesses are linked in this project already."""

    status = HTTPStatus.CONFLICT


class NotOfThisLink(Refusal):
    """Who sells is neither of the two businesses of this link."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Content(BaseModel):
    """Two of your employers, which a project brings together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    project: Line
    one: UUID
    other: UUID
    since: Day
    programme: ProgrammeCode | None = None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Give the two in one order, so that a link is the same from both sides."""
        low, high = sorted((self.one, self.other))
        return low, high


class TradeContent(Sum):
    """What one of the two sold to the other, for how much, and when."""

    seller: UUID
    goods: Line
    traded_on: Day


def require_across(one: str | None, other: str | None) -> None:
    if one is None or other is None or one == other:
        raise NotAcross
