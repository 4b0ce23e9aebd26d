"""When an employer may know who somebody is."""

from http import HTTPStatus

from services.employment.placements.rules import INTRODUCED, Status
from services.kit.refusals import Refusal


class NotAccepted(Refusal):
    """The employer may not know who it is: not accepted yet, or over."""

    status = HTTPStatus.CONFLICT


def require_accepted(status: Status) -> None:
    if status not in INTRODUCED:
        raise NotAccepted
