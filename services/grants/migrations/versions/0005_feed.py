"""The outbox."""

from services.kit.ddl import OUTBOX_1, outbox_grants_1, run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(OUTBOX_1)
    run(outbox_grants_1("grants"))
