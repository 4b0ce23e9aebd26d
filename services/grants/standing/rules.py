"""How a verification goes on and ends, and what a concern can be."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from services.kit.refusals import Refusal


class VerificationNotReady(Refusal):
    """The verification is not at the stage that this decision needs."""

    status = HTTPStatus.CONFLICT


class Lifted(Refusal):
    """This flag has been lifted already."""

    status = HTTPStatus.CONFLICT


class Status(StrEnum):
    """Where a verification stands; it expires by itself, so that is computed."""

    PENDING = "pending"
    VERIFIED = "verified"
    REFUSED = "refused"
    REVOKED = "revoked"
    EXPIRED = "expired"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.VERIFIED, Status.REFUSED}),
    Status.VERIFIED: frozenset({Status.REVOKED}),
    Status.REFUSED: frozenset(),
    Status.REVOKED: frozenset(),
    Status.EXPIRED: frozenset(),
}


class Method(StrEnum):
    """How an agency has made sure of an organisation."""

    REGISTRY_EXTRACT = "registry_extract"
    DOCUMENTS = "documents"
    SITE_VISIT = "site_visit"
    DUE_DILIGENCE = "due_diligence"


class Concern(StrEnum):
    """What an organisation is flagged for: a word of a closed list, and no story."""

    SANCTIONS = "sanctions"
    FRAUD = "fraud"
    SAFEGUARDING = "safeguarding"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    REPORTS_OVERDUE = "reports_overdue"
    MONEY_UNRETURNED = "money_unreturned"


def standing(kept: Status, until: datetime | None, now: datetime) -> Status:
    """Tell where a verification stands at a moment."""
    over = kept is Status.VERIFIED and until is not None and until <= now
    return Status.EXPIRED if over else kept


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise VerificationNotReady
    return wanted
