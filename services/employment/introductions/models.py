"""What employment keeps of introductions: to whom, until when, and no name."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own
from services.kit.columns import moment, moment_if_any, now
from services.kit.ids import new_id


class Introduction(Own, table=True):
    """An agency lets one employer know whom it has accepted.

    `sealed` is what beneficiaries made of it; it opens there alone, and for nobody but
    a client of this organisation.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    placement: UUID
    organisation: UUID
    phones: bool
    until: datetime = Field(sa_column=moment())
    sealed: str
    introduced_at: datetime = Field(default_factory=now, sa_column=moment())
    introduced_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment_if_any())
