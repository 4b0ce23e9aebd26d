"""What employment keeps of employers."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Table
from services.kit.columns import moment, now
from services.kit.ids import new_id


class Employer(Table, table=True):
    """An employer as one agency has recorded it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    name: str
    municipality: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
