"""What is set side by side: what was entered, what was counted, and how they differ."""

from decimal import Decimal
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def difference(entered: Decimal, counted: int | None) -> Decimal | None:
    """Give by how much a count is more than what was entered, if there is a count."""
    return None if counted is None else Decimal(counted) - entered


def harmless(words: str) -> str:
    """Keep a spreadsheet from taking words for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words
