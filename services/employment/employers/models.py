"""What employment keeps of employers."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.tables import Own
from services.kit.columns import moment, moment_if_any, now
from services.kit.ids import new_id


class Employer(Own, table=True):
    """An organisation of the grants service as an employer of one agency.

    Name and municipality are those last seen there. Employers that were recorded before
    employment asked grants have no organisation.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    organisation: UUID | None
    name: str
    municipality: str | None = None
    seen_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
