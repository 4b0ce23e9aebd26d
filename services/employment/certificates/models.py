"""What employment keeps of certificates."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.certificates.rules import Reason
from services.employment.tables import Own
from services.employment.trainings.rules import Subject
from services.kit.columns import moment, moment_if_any, now, word, word_if_any
from services.kit.ids import new_id


class Certificate(Own, table=True):
    """That a participant completed a training; what is said of it lies beside it.

    So whoever shows its number is told course and day from this row alone.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    number: UUID
    participant: UUID
    title: str
    subject: Subject = Field(sa_column=word(Subject))
    completed_on: date
    issued_at: datetime = Field(default_factory=now, sa_column=moment())
    issued_by: str
    revoked_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    revoked_for: Reason | None = Field(default=None, sa_column=word_if_any(Reason))

    @property
    def valid(self) -> bool:
        return self.revoked_at is None
