"""What employment keeps of seekers."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own, codes
from services.kit.columns import moment, now
from services.kit.ids import new_id


class Seeker(Own, table=True):
    """One registration of one agency as somebody who looks for work.

    `person` is the key that beneficiaries gave; no view has it.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    registration: UUID
    person: UUID
    moves: int = 0
    occupations: list[str] = Field(sa_column=codes())
    skills: list[str] = Field(sa_column=codes())
    municipalities: list[str] = Field(sa_column=codes())
    available_from: date
    weekly_hours: int
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
