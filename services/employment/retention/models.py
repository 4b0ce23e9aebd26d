"""What employment keeps of retention checks."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.retention.rules import Method, Result, Verifier
from services.employment.tables import Own
from services.kit.columns import moment_if_any, word_if_any
from services.kit.ids import new_id


class RetentionCheck(Own, table=True):
    """A check of one placement; without a result it is still to be made."""

    __tablename__ = "retention_check"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    placement: UUID
    months: int
    due_on: date
    result: Result | None = Field(default=None, sa_column=word_if_any(Result))
    verifier: Verifier | None = Field(default=None, sa_column=word_if_any(Verifier))
    method: Method | None = Field(default=None, sa_column=word_if_any(Method))
    verified_on: date | None = None
    recorded_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    recorded_by: str | None = None
