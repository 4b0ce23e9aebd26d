"""Agreements that agencies make and end for themselves."""

from services.kit.ddl import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The process may make and end an agreement, and change nothing else of it. The epoch
# moves on with each, by the owner's right: so no gateway remembers an old one.
AGREEMENTS = """
alter table agreement add column fields text[] not null default '{}';
alter table agreement add constraint agreement_fields_check
    check (level = 'fields' or fields = '{}');
alter table agreement add constraint agreement_bounded_check
    check (valid_until <= valid_from + interval '366 days') not valid;
grant insert, update (ended_at) on agreement to gateway;
alter function next_epoch() security definer;
alter function next_epoch() set search_path = pg_catalog, public;
create trigger agreement_changed after insert or update or delete on agreement
    for each statement execute function next_epoch();
"""


def upgrade() -> None:
    run(AGREEMENTS)
