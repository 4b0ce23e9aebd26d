"""What the programme keeps of counts, and shows: totals, and how far was read.

The tallies behind them hold ids of the services, are read by the counting alone, and
have no model: nothing that answers a caller can name them.
"""

from datetime import datetime

from sqlmodel import Field

from services.kit.columns import moment
from services.programme.tables import Table


class Total(Table, table=True):
    """What a measure came to when its source was last read."""

    __tablename__ = "count_total"

    measure: str = Field(primary_key=True)
    total: int


class Followed(Table, table=True):
    """How far a service's feed has been read: up to the event of this moment."""

    __tablename__ = "count_followed"

    source: str = Field(primary_key=True)
    cursor: str
    up_to: datetime = Field(sa_column=moment())
