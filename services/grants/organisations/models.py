"""What grants keeps of organisations."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.grants.organisations.rules import Kind
from services.grants.tables import Table
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Organisation(Table, table=True):
    """An organisation as one agency has recorded it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    name: str
    kind: Kind = Field(sa_column=word(Kind))
    registration_number: str | None = None
    municipality: str | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str
