"""Which of its three languages an answer is in."""

from enum import StrEnum


class Language(StrEnum):
    """Albanian and Serbian are official in the area; English is for all others."""

    ALBANIAN = "sq"
    SERBIAN = "sr"
    ENGLISH = "en"


def spoken(accepted: str | None) -> Language:
    """Choose a language by an Accept-Language header (RFC 9110 §12.5.4)."""
    best, wanted = Language.ENGLISH, 0.0
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        code, weight = tag.partition("-")[0], _quality(quality)
        if code in set(Language) and weight > wanted:
            best, wanted = Language(code), weight
    return best


def _quality(written: str) -> float:
    try:
        return float(written) if written else 1.0
    except ValueError:
        return 0.0
