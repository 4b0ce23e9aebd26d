"""What undoing met: when a judgement was made, and a contradiction in dispute."""

from services.kit.ddl import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A transaction's own moment is before what it has recorded: each link that was found at
# a recording seemed to be of before a correction, and an undo did not restore it.
MADE = "alter table judgement alter column made_at set default clock_timestamp()"
# The one condition of a long function: what two disagree on stays open till they agree,
# though "unsure" is in force meanwhile and contradicts nothing.
STAYS = """
do $$
declare
    settle text := pg_get_functiondef('linkage.settle'::regproc);
    open text := 'r.kind = ''contradiction'' and r.closed_at is null';
begin
    if position(open in settle) = 0 then
        raise 'The function is not as it was.';
    end if;
    execute replace(settle, open, open || ' and not r.disputed');
end
$$
"""


def upgrade() -> None:
    run(MADE)
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    run(STAYS)
    run("reset role; revoke create on schema linkage from linkage_window")
