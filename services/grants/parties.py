"""Who acts for an organisation: a client of its own, by its passport, and nobody else.

An agency may record an organisation; it cannot sign, accept or refuse in its name.
"""

from http import HTTPStatus
from uuid import UUID

from services.kit.callers import Caller
from services.kit.refusals import Refusal


class NotActing(Refusal):
    """Only an organisation does this, through a client of its own."""

    status = HTTPStatus.FORBIDDEN


def acting(caller: Caller) -> UUID:
    """Give the organisation that a caller acts for."""
    try:
        return UUID(caller.organisation or "")
    except ValueError as cause:
        raise NotActing from cause


def names(caller: Caller) -> list[str]:
    """Give the names under which a caller reads: its tenant's, its organisation's."""
    return [caller.agency, *([caller.organisation] if caller.organisation else [])]
