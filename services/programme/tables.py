"""The base of every table of the programme, and the columns that several of them have.

Nothing here says of what community, age or municipality anybody is, and nothing may:
those are releases, whose method is still to come (ADR 0040).
"""

from typing import Any

from sqlalchemy import Column, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """Tables are made by the migrations; the models say how they are read."""


def written() -> Column[dict[str, Any]]:
    """Keep words in three languages, or a source, as they were sent."""
    return Column(JSONB, nullable=False)
