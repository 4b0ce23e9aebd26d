"""When a judgement was made: after what its transaction had recorded before it."""

from services.kit.ddl import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A transaction's own moment is before what it has recorded: each link that was found at
# a recording seemed to be of before a correction, and an undo did not restore it.
MADE = "alter table judgement alter column made_at set default clock_timestamp()"


def upgrade() -> None:
    run(MADE)
