"""A certificate's number, when one is due, and why one is taken back."""

from binascii import crc_hqx
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.kit.refusals import Refusal

CHECKED: Final = 14  # bytes before the two of the check
BEGIN: Final = 0xFFFF


class NotCompleted(Refusal):
    """The training is not completed: too few of its sessions were attended."""

    status = HTTPStatus.CONFLICT


class Mistyped(Refusal):
    """This is no number of a certificate: its check does not agree with the rest."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AlreadyRevoked(Refusal):
    """The certificate has been revoked already."""

    status = HTTPStatus.CONFLICT


class Reason(StrEnum):
    """Why a certificate is taken back."""

    ISSUED_IN_ERROR = "issued_in_error"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    FRAUD = "fraud"


class Revocation(BaseModel):
    """Why a certificate holds no longer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Reason


def number(chance: bytes) -> UUID:
    """Make a number of sixteen random bytes: 106 bits stay, sixteen are their check.

    It is a UUID of version 8 (RFC 9562), so it travels wherever a UUID does. Nobody
    guesses one, and a slip of the pen is told apart from a number that is not there.
    """
    drawn = UUID(bytes=chance).int
    drawn = drawn & ~(0xF << 76) | (0x8 << 76)
    drawn = drawn & ~(0x3 << 62) | (0x2 << 62)
    kept = UUID(int=drawn).bytes[:CHECKED]
    return UUID(bytes=kept + _check(kept))


def require_genuine(shown: UUID) -> None:
    if shown.bytes[CHECKED:] != _check(shown.bytes[:CHECKED]):
        raise Mistyped


def _check(kept: bytes) -> bytes:
    return crc_hqx(kept, BEGIN).to_bytes(2, "big")
