"""What the gateway itself answers."""

from gateway.permissions import Access
from services.kit.checkpoints import Audit

ROWS = (
    ("GET", "/agreements", Access.READ_AGREEMENTS),
    ("POST", "/agreements", Access.MAKE_AGREEMENTS),
    ("POST", "/agreements/{key}/end", Access.MAKE_AGREEMENTS),
    ("GET", "/purposes", Access.READ_PURPOSES),
    ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
    ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
)
