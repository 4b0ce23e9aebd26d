"""What grants keeps of withholdings."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.grants.tables import Table
from services.kit.columns import moment, now


class Withholding(Table, table=True):
    """A tenant's word that an organisation is not to be published, by anybody."""

    organisation: UUID = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
