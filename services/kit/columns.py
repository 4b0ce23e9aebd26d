"""Columns that models share: moments with their zone, words of a closed list."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, DateTime, Enum

Word = TypeVar("Word", bound=StrEnum)


def now() -> datetime:
    return datetime.now(UTC)


def moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


def moment_if_any() -> Column[datetime]:
    return Column(DateTime(timezone=True))


def word(of: type[Word]) -> Column[Word]:
    """Keep a word of a closed list as it is spoken, not by its name in the code."""
    kept = Enum(of, values_callable=list, native_enum=False)
    return Column(kept, nullable=False)


def word_if_any(of: type[Word]) -> Column[Word]:
    column = word(of)
    column.nullable = True
    return column
