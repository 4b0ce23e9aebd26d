"""What employment keeps of overlaps that a merge brought to light."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.following.rules import Outcome
from services.employment.tables import Own
from services.kit.columns import moment, moment_if_any, now, word_if_any
from services.kit.ids import new_id


class Overlap(Own, table=True):
    """A placement that overlaps another of what is now one person: a case to review."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    placement: UUID
    opened_at: datetime = Field(default_factory=now, sa_column=moment())
    closed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    outcome: Outcome | None = Field(default=None, sa_column=word_if_any(Outcome))
    closed_by: str | None = None
