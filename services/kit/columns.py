"""Columns that models share: moments, words of a closed list, sealed values."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, DateTime, Dialect, Enum, LargeBinary
from sqlalchemy.types import TypeDecorator

from services.kit.sealing import CannotLeave, Sealed

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


class SealedColumn(TypeDecorator[Sealed]):
    """A column that carries sealed bytes and refuses anything plain."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: type[Sealed]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(
        self,
        value: Sealed | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, self.kind):
            raise CannotLeave(CannotLeave.__doc__)
        return value.at_rest()

    def process_result_value(
        self,
        value: bytes | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> Sealed | None:
        return None if value is None else self.kind(value)
