"""What employment keeps of enterprise support."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.employment.enterprise.rules import ActivityState, Kind, PlanState
from services.employment.tables import Own, amount_if_any
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Activity(Own, table=True):
    """What one agency does for one business."""

    __tablename__ = "enterprise_activity"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    employer: UUID
    kind: Kind = Field(sa_column=word(Kind))
    title: str
    starts_on: date
    ends_on: date | None = None
    grant_award: UUID | None = None
    grant_amount: Decimal | None = Field(default=None, sa_column=amount_if_any())
    grant_currency: str | None = None
    programme: str | None = None
    state: ActivityState = Field(
        default=ActivityState.PLANNED, sa_column=word(ActivityState)
    )
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @property
    def grant(self) -> dict[str, Any] | None:
        """Put the grant together again; its columns are all there, or none."""
        if self.grant_award is None:
            return None
        parts = ("award", "amount", "currency")
        return {part: getattr(self, f"grant_{part}") for part in parts}


class Plan(Own, table=True):
    """A business plan of one business."""

    __tablename__ = "business_plan"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    employer: UUID
    activity: UUID | None = None
    title: str
    written_on: date
    state: PlanState = Field(default=PlanState.DRAFT, sa_column=word(PlanState))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
