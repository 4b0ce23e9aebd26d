"""What employment keeps of introductions: that there was one, and no name."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own
from services.kit.columns import moment, now
from services.kit.ids import new_id


class Introduction(Own, table=True):
    """An agency has been given a candidate's names to tell them to the employer."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    placement: UUID
    introduced_at: datetime = Field(default_factory=now, sa_column=moment())
    introduced_by: str
