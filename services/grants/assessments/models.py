"""What grants keeps of assessments."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.grants.assessments.rules import State
from services.grants.tables import Table
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


class Assessment(Table, table=True):
    """One assessor's work on one application, in one round of assessment."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    application: UUID
    round: int
    assessor: str
    state: State = Field(default=State.APPOINTED, sa_column=word(State))
    points: dict[str, int] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True))
    )
    weighed: Decimal | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
    scored_at: datetime | None = Field(default=None, sa_column=moment_if_any())
