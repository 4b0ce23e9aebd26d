"""What is kept of imports and mappings; the sealed parts are read by statements."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.beneficiaries.imports.rules import State
from services.beneficiaries.tables import Table
from services.kit.columns import SealedColumn, moment, moment_if_any, now, word
from services.kit.ids import new_id
from services.kit.sealing import Personal, Place


def piece_place(import_: UUID, number: int) -> Place:
    return Place("import_piece", f"sealed/{number}", import_)


def contents_place(import_: UUID, number: int) -> Place:
    return Place("import_batch", f"contents/{number}", import_)


def cells_place(import_: UUID, number: int) -> Place:
    return Place("import_batch", f"cells/{number}", import_)


def refusal_place(refusal: UUID) -> Place:
    return Place("import_refusal", "sealed", refusal)


def headers_place(import_: UUID) -> Place:
    return Place("import", "headers", import_)


class Import(Table, table=True):
    """A file that an agency has sent, and how far its rows have come.

    `caller` is who sent it, as the passport said: the work is done in that name.
    """

    id: UUID = Field(primary_key=True)
    agency: str
    caller: dict[str, Any] = Field(sa_column=Column(JSONB))
    request: UUID
    kind: str
    charset: str | None
    mapping: dict[str, str] = Field(sa_column=Column(JSONB))
    digest: bytes | None
    size: int
    state: State = Field(sa_column=word(State))
    reason: str | None
    headers: Personal | None = Field(sa_column=Column(SealedColumn(Personal)))
    rows: int
    refused: int
    unreadable: int
    duplicates: int
    recorded: int
    unchanged: int
    arrived_at: datetime = Field(sa_column=moment())
    started_at: datetime | None = Field(sa_column=moment_if_any())
    finished_at: datetime | None = Field(sa_column=moment_if_any())
    fetched_at: datetime | None = Field(sa_column=moment_if_any())
    destroyed_at: datetime | None = Field(sa_column=moment_if_any())


class ImportMapping(Table, table=True):
    """What an agency's own columns mean, kept by a name."""

    __tablename__ = "import_mapping"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    name: str
    columns: dict[str, str] = Field(sa_column=Column(JSONB))
    saved_at: datetime = Field(default_factory=now, sa_column=moment())
    saved_by: str
