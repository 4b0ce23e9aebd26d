"""What a caller can be permitted to do with grants."""

from enum import StrEnum


class Grants(StrEnum):
    """Permissions as `noun:verb`; the gateway gives them to roles."""

    RECORD_ORGANISATIONS = "grants.organisation:record"
    READ_ORGANISATIONS = "grants.organisation:read"
