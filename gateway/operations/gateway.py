"""What the gateway itself answers."""

from gateway.permissions import Access
from services.kit.checkpoints import Audit

ROWS = (
    ("GET", "/agreements", Access.READ_AGREEMENTS),
    ("POST", "/agreements", Access.MAKE_AGREEMENTS),
    ("POST", "/agreements/{key}/end", Access.MAKE_AGREEMENTS),
    ("GET", "/purposes", Access.READ_PURPOSES),
    ("POST", "/webhooks", Access.MANAGE_WEBHOOKS),
    ("GET", "/webhooks", Access.MANAGE_WEBHOOKS),
    ("GET", "/webhooks/{key}", Access.MANAGE_WEBHOOKS),
    ("POST", "/webhooks/{key}/challenge", Access.MANAGE_WEBHOOKS),
    ("POST", "/webhooks/{key}/secret", Access.MANAGE_WEBHOOKS),
    ("POST", "/webhooks/{key}/deactivation", Access.MANAGE_WEBHOOKS),
    ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
    ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
)
