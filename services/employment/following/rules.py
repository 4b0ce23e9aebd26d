"""What is done about each event of beneficiaries' feed, and how an overlap ends."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NamedTuple, Self
from uuid import UUID

from services.kit.purposes import Purpose
from services.kit.refusals import Refusal


class OverlapSettled(Refusal):
    """This overlap has been settled, and is not settled again."""

    status = HTTPStatus.CONFLICT


class Kind(StrEnum):
    """The events that employment acts on; all others pass by."""

    MERGED = "org.uramost.person.merged"
    SPLIT = "org.uramost.person.split"
    WITHDRAWN = "org.uramost.registration.withdrawn"
    ERASED = "org.uramost.registration.erased"
    CONSENT_WITHDRAWN = "org.uramost.consent.withdrawn"


class Outcome(StrEnum):
    """How an overlap ended.

    Resolved: the placement holds its days again. Tolerated: somebody has looked and
    lets both stand. Parted: the registrations were no one person after all.
    """

    RESOLVED = "resolved"
    TOLERATED = "tolerated"
    PARTED = "parted"


class Move(NamedTuple):
    """A registration that has got another person; `moves` counts how often."""

    agency: str
    registration: UUID
    before: UUID
    person: UUID
    contested: bool
    moves: int

    @classmethod
    def of(cls, registration: UUID, told: Mapping[str, Any]) -> Self:
        return cls(
            told["agency"],
            registration,
            UUID(told["before"]),
            UUID(told["person"]),
            told["contested"],
            told["moves"],
        )


def ends_seeking(kind: str, told: Mapping[str, Any]) -> bool:
    """Tell whether nobody may look for work for this person any more."""
    taken_back = kind == Kind.CONSENT_WITHDRAWN
    employment = told.get("purpose") == Purpose.EMPLOYMENT
    return kind == Kind.WITHDRAWN or (taken_back and employment)
