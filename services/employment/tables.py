"""The base of every table of employment: a registry of its own."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, DateTime, Enum, MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

Word = TypeVar("Word", bound=StrEnum)


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """Tables are made by the migrations; the models say how they are read."""


def now() -> datetime:
    return datetime.now(UTC)


def moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


def word(kind: type[Word]) -> Column[Word]:
    """Keep an enum as the text of its value; SQLModel would keep its name."""
    values = Enum(kind, values_callable=list, native_enum=False)
    return Column(values, nullable=False)
