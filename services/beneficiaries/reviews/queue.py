"""Pages of the queue, by weight or by age; a mark names only what was shown."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.reviews.models import Review
from services.beneficiaries.reviews.rules import Claimed, Mark, Order
from services.kit.pages import PageQuery
from services.kit.refusals import Invalid

MARK = struct.Struct(">f16s")  # a weight as the database keeps it, and an id


class QueueQuery(PageQuery):
    """Which part of the queue is wanted, and in which order."""

    order: Order = Order.AGE
    claimed: Claimed | None = None

    def mark(self) -> Mark | None:
        """Read where the page begins; a cursor of the other order serves as well."""
        if self.cursor is None:
            return None
        try:
            weight, key = MARK.unpack(urlsafe_b64decode(self.cursor + "=="))
        except (ValueError, struct.error) as cause:
            wrong = {"pointer": "/query/cursor", "reason": "Not a cursor of this list."}
            raise Invalid(wrong) from cause
        return weight, UUID(bytes=key)

    def following(self, found: Sequence[Review]) -> str | None:
        """Give the cursor behind a page, if there is more."""
        if len(found) <= self.limit:
            return None
        last = found[self.limit - 1]
        packed = MARK.pack(last.weight, last.id.bytes)
        return urlsafe_b64encode(packed).decode().rstrip("=")


class JudgementQuery(PageQuery):
    """Which judgements in force are wanted: of a verdict, or on one registration."""

    verdict: Verdict | None = None
    registration: UUID | None = None


Queued = Annotated[QueueQuery, Query()]
Judged = Annotated[JudgementQuery, Query()]
