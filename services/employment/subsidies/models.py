"""What employment keeps of wage subsidies."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own, amount
from services.kit.columns import moment, now
from services.kit.ids import new_id


class Subsidy(Own, table=True):
    """A payment towards the wage of one placement, from one award.

    `key_digest` is the digest of the idempotency key it was recorded under,
    `content_digest` that of what was sent.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    placement: UUID
    award: UUID
    amount: Decimal = Field(sa_column=amount())
    currency: str
    paid_on: date
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
    key_digest: bytes | None = None
    content_digest: bytes | None = None
