"""What data may be used for: a closed list, claimed in the token, kept in the audit."""

from enum import StrEnum


class Purpose(StrEnum):
    """A purpose; a client acts for one only where it has been granted to it."""

    PROTECTION = "protection"
    ASSISTANCE = "assistance"
    EMPLOYMENT = "employment"
    GRANTS = "grants"
    STATISTICS = "statistics"
    LINKAGE = "linkage"
