"""What employment keeps of vacancies."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.employment.contracts import Term, term
from services.employment.tables import Own, amount_if_any, codes
from services.employment.vacancies.rules import Access, Hours, Period, State
from services.kit.columns import moment, now, word, word_if_any
from services.kit.ids import new_id


class Vacancy(Own, table=True):
    """A vacancy of one agency's employer.

    Those that were recorded before vacancies were told in full lack occupation, weekly
    hours and dates.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    employer: UUID
    title: str
    occupation: str | None
    sector: str | None = None
    hours: Hours = Field(sa_column=word(Hours))
    weekly_hours: int | None
    starts_on: date | None
    ends_on: date | None = None
    wage_amount: Decimal | None = Field(default=None, sa_column=amount_if_any())
    wage_currency: str | None = None
    wage_period: Period | None = Field(default=None, sa_column=word_if_any(Period))
    municipality: str | None = None
    places: int
    skills: list[str] = Field(default_factory=list, sa_column=codes())
    accessibility: list[Access] = Field(default_factory=list, sa_column=codes())
    programme: str | None = None
    state: State = Field(default=State.DRAFT, sa_column=word(State))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @property
    def term(self) -> Term | None:
        return None if self.starts_on is None else term(self.starts_on, self.ends_on)

    @property
    def wage(self) -> dict[str, Any] | None:
        """Put the wage together again; its columns are all there, or none."""
        if self.wage_amount is None:
            return None
        parts = ("amount", "currency", "period")
        return {part: getattr(self, f"wage_{part}") for part in parts}
