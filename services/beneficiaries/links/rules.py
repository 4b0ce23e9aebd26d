"""What of others' registrations may be opened, and under which id they are told."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from services.kit.agreements import Agreed, Level, Shared
from services.kit.sealing import derive


def outward(master: bytes, reader: str, registration: UUID) -> UUID:
    """Compute the id by which one agency hears of another's registration.

    Two readers cannot compare theirs, and neither opens anything with it.
    """
    key = derive(master, f"links/{reader}")
    return UUID(
        bytes=hashlib.blake2b(registration.bytes, digest_size=16, key=key).digest()
    )


def openable(agreed: Iterable[Agreed]) -> dict[str, frozenset[Shared]]:
    """Give by owner the fields that may be opened; who shares none is not named."""
    return {one.owner: one.fields for one in agreed if one.level is Level.FIELDS}
