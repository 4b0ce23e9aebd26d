"""What may be recorded, and what recording the same again means."""

import hashlib
from datetime import date
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.beneficiaries.particulars import Particulars
from services.beneficiaries.protection.rules import Communities
from services.beneficiaries.texts import Text
from services.kit.refusals import Refusal
from services.kit.sealing import derive

SourceId = Annotated[Text, Field(min_length=1, max_length=100, examples=["U-000417"])]


class OtherContent(Refusal):
    """Another registration of yours has this source_id; correct that one instead."""

    status = HTTPStatus.CONFLICT


class OtherSource(Refusal):
    """A correction keeps the source_id under which the registration was recorded."""

    status = HTTPStatus.CONFLICT


class Withdrawn(Refusal):
    """This registration was withdrawn and takes no corrections."""

    status = HTTPStatus.CONFLICT


class Outcome(StrEnum):
    """What became of something that was sent to be recorded."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"


class Content(Particulars):
    """All that an agency records about somebody under its own id."""

    source_id: SourceId
    communities: Communities = Communities()

    def particulars(self) -> bytes:
        """Write what is personal, to be sealed; communities lie elsewhere."""
        return self.model_dump_json(exclude={"communities"}).encode()

    def wrong_on(self, today: date) -> str | None:
        """Say why this cannot be recorded today, or nothing."""
        if not self.birth.possible_on(today):
            return "A birth date in the future."
        return None

    def readable(self) -> bool:
        """Whether the birth date is more than words that nobody could read."""
        return self.birth.as_written is None

    @classmethod
    def kept(cls, opened: bytes) -> Self:
        return cls.model_validate_json(opened)


def digests(master: bytes, agency: str, content: Content) -> tuple[bytes, bytes]:
    """Shorten the source id and the whole content, keyed: nobody can try them out."""
    key = _derived(master, f"digests/{agency}")
    source = hashlib.blake2b(content.source_id.encode(), digest_size=16, key=key)
    whole = content.model_dump_json().encode()
    return source.digest(), hashlib.blake2b(whole, digest_size=16, key=key).digest()


def pairwise(master: bytes, agency: str, own: UUID) -> UUID:
    """Compute the id by which one agency knows a person, from its own registrations."""
    key = _derived(master, f"pairwise/{agency}")
    return UUID(bytes=hashlib.blake2b(own.bytes, digest_size=16, key=key).digest())


_derived = lru_cache(1024)(derive)  # two for an agency, asked for with every row
