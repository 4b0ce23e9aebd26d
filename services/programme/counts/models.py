"""What the programme keeps of counts, and shows: totals, and how far was read.

The tallies behind them hold ids of the services, are read by the counting alone, and
have no model: nothing that answers a caller can name them.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.kit.columns import moment_if_any
from services.programme.tables import Table


class Total(Table, table=True):
    """What a measure comes to, as far as its source was read."""

    __tablename__ = "count_total"

    measure: str = Field(primary_key=True)
    total: int


class Followed(Table, table=True):
    """How far a service's feed has been read: its last event, and when that was."""

    __tablename__ = "following"

    feed: str = Field(primary_key=True)
    cursor: UUID | None
    occurred_at: datetime | None = Field(default=None, sa_column=moment_if_any())
