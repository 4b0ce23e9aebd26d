"""When an employer may be told who somebody is, for how long, and what besides."""

from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.employment.placements.rules import INTRODUCED, Status
from services.kit.refusals import Refusal

Days = Annotated[int, Field(ge=1, le=30)]


class NotAccepted(Refusal):
    """The employer may not know who it is: not accepted yet, or over."""

    status = HTTPStatus.CONFLICT


class NobodyToTell(Refusal):
    """The employer was recorded as no organisation, so nobody can be told for it."""

    status = HTTPStatus.CONFLICT


class Terms(BaseModel):
    """For how many days the employer can read it; the name, and phones if they say so.

    Nothing else of a registration can be told: the rest somebody shows the employer
    himself, and where one lives could tell the community.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Days = 7
    phones: bool = False


def require_accepted(status: Status) -> None:
    if status not in INTRODUCED:
        raise NotAccepted
