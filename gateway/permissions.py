"""What a caller can be permitted to do at the gateway itself."""

from enum import StrEnum


class Access(StrEnum):
    """Permissions as `noun:verb`; both show a caller only what concerns it."""

    READ_AGREEMENTS = "gateway.agreement:read"
    READ_PURPOSES = "gateway.purpose:read"
