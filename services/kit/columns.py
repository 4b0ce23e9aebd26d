"""Columns that models share: moments with their zone, words of a closed list."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Column, DateTime, Enum


def now() -> datetime:
    return datetime.now(UTC)


def moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


def moment_if_any() -> Column[datetime]:
    return Column(DateTime(timezone=True))


def word(of: type[StrEnum]) -> Column[str]:
    """Keep a word of a closed list as it is spoken, not by its name in the code."""
    spoken = [str(one) for one in of]
    kept = Enum(of, values_callable=lambda _: spoken, native_enum=False)
    return Column(kept, nullable=False)
