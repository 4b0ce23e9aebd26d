"""What grants keeps of communities: one sealed declaration for an organisation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field

from services.grants.tables import Table
from services.kit.columns import SealedColumn, moment, now
from services.kit.sealing import Place, Protected


class Declaration(Table, table=True):
    """What an organisation says of its communities: its latest word alone."""

    __tablename__ = "declaration"

    organisation: UUID = Field(primary_key=True)
    agency: str
    communities: Protected = Field(sa_column=Column(SealedColumn(Protected)))
    declared_at: datetime = Field(default_factory=now, sa_column=moment())
    declared_by: str


def communities_place(organisation: UUID) -> Place:
    return Place("declaration", "communities", organisation)
