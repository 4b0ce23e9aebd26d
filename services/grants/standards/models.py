"""What grants keeps of publishers."""

from datetime import datetime

from sqlmodel import Field

from services.grants.tables import Table
from services.kit.columns import moment, now


class Publisher(Table, table=True):
    """Under which identifier and name an agency publishes."""

    agency: str = Field(primary_key=True)
    reference: str
    name: str
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
