"""What employment keeps of business links."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own, amount
from services.kit.columns import moment, now
from services.kit.ids import new_id


class Link(Own, table=True):
    """Two businesses of different municipalities that one project brought together."""

    __tablename__ = "business_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    project: str
    one: UUID
    other: UUID
    since: date
    programme: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str


class Trade(Own, table=True):
    """What one of the two sold to the other."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    link: UUID
    seller: UUID
    goods: str
    amount: Decimal = Field(sa_column=amount())
    currency: str
    traded_on: date
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
