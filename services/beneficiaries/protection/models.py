"""What protection keeps: protected attributes, consents, disclosures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field

from services.beneficiaries.tables import Table
from services.kit.columns import SealedColumn, moment, moment_if_any, now, word
from services.kit.ids import new_id
from services.kit.purposes import Purpose
from services.kit.sealing import Place, Protected


class ProtectedAttribute(Table, table=True):
    """The special categories of one registration, apart from everything else."""

    __tablename__ = "protected_attribute"

    registration: UUID = Field(primary_key=True)
    agency: str
    communities: Protected = Field(sa_column=Column(SealedColumn(Protected)))


def communities_place(registration: UUID) -> Place:
    return Place("protected_attribute", "communities", registration)


class Consent(Table, table=True):
    """Somebody agreed that their protected data be known for one purpose."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    registration: UUID
    agency: str
    purpose: Purpose = Field(sa_column=word(Purpose))
    given_at: datetime = Field(default_factory=now, sa_column=moment())
    until: datetime = Field(sa_column=moment())
    recorded_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment_if_any())


class Disclosure(Table, table=True):
    """A protected value was opened, for whom and why, in the same transaction."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    registration: UUID
    agency: str
    purpose: Purpose = Field(sa_column=word(Purpose))
    consent: UUID
    subject: str
    disclosed_at: datetime = Field(default_factory=now, sa_column=moment())
