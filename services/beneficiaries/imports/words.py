"""The words of files and what they mean, from a table that people can correct."""

import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

TABLES: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def plain(word: str) -> str:
    """Leave of a word what matters: letters and digits, without case and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("đ", "dj"))
    kept = (sign for sign in parts if not unicodedata.combining(sign))
    return " ".join("".join(s if s.isalnum() else " " for s in kept).split())


def meanings(table: str) -> Mapping[str, str]:
    """Give what each word of a table means; each meaning is a word for itself."""
    words: Mapping[str, list[str]] = TABLES[table]
    return {
        plain(word): meaning
        for meaning, others in words.items()
        for word in (meaning, *others)
    }
