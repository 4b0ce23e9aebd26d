"""What employment keeps of vacancies."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Table
from services.employment.vacancies.rules import Hours, State
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Vacancy(Table, table=True):
    """A vacancy of one agency's employer."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    employer: UUID
    title: str
    hours: Hours = Field(sa_column=word(Hours))
    places: int
    state: State = Field(default=State.PUBLISHED, sa_column=word(State))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
