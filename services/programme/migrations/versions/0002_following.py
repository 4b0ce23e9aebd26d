"""How late it was said what a subject counts for, and that it counts for nothing."""

from services.kit.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Of what is said of a registration the later counts, whichever is read first. That it
# has ended stays known, as an amount of nothing: whatever is read after does not count.
TURNS = """
alter table tally
    add column turn bigint not null default 0 check (turn >= 0),
    drop constraint tally_amount_check,
    add check (amount >= 0);
"""


def upgrade() -> None:
    run(TURNS)
