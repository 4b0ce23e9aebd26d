"""What a caller can be permitted to do at the gateway itself."""

from enum import StrEnum


class Access(StrEnum):
    """Permissions as `noun:verb`; each is about what concerns the caller alone."""

    READ_AGREEMENTS = "gateway.agreement:read"
    MAKE_AGREEMENTS = "gateway.agreement:make"
    READ_PURPOSES = "gateway.purpose:read"
    MANAGE_WEBHOOKS = "gateway.webhook:manage"
