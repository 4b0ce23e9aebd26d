"""What grants keeps of verifications and flags: each is one agency's word."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.grants.standing.rules import Concern, Method, Status
from services.grants.tables import Table, readers
from services.kit.columns import moment, moment_if_any, now, word
from services.kit.ids import new_id


class Verification(Table, table=True):
    """One agency's look at an organisation; others see it once it is verified."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation: UUID
    agency: str
    status: Status = Field(default=Status.PENDING, sa_column=word(Status))
    method: Method = Field(sa_column=word(Method))
    until: datetime | None = Field(default=None, sa_column=moment_if_any())
    begun_at: datetime = Field(default_factory=now, sa_column=moment())
    begun_by: str
    decided_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    decided_by: str | None = None


class Flag(Table, table=True):
    """A concern of one agency, shown to the agencies that it has chosen.

    `reference` is the agency's own file; what there is to tell, people tell each other.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation: UUID
    agency: str
    readers: list[str] = Field(sa_column=readers())
    concern: Concern = Field(sa_column=word(Concern))
    reference: str | None = None
    raised_at: datetime = Field(default_factory=now, sa_column=moment())
    raised_by: str
    lifted_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    lifted_by: str | None = None
