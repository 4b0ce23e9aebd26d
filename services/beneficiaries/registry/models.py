"""What the registry keeps: registrations and their versions, sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field

from services.beneficiaries.tables import Table
from services.kit.columns import SealedColumn, moment, moment_if_any
from services.kit.sealing import Personal, Place


def personal_place(version: UUID) -> Place:
    return Place("registration_version", "personal", version)


class Registration(Table, table=True):
    """A registration of one agency; what it says is in its versions."""

    id: UUID = Field(primary_key=True)
    agency: str
    source_digest: bytes
    version: int
    recorded_at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    erased_at: datetime | None = Field(default=None, sa_column=moment_if_any())


class RegistrationVersion(Table, table=True):
    """What a registration said at one time, never overwritten."""

    __tablename__ = "registration_version"

    id: UUID = Field(primary_key=True)
    registration: UUID
    agency: str
    number: int
    digest: bytes
    personal: Personal = Field(sa_column=Column(SealedColumn(Personal)))
    recorded_at: datetime = Field(sa_column=moment())
    recorded_by: str
