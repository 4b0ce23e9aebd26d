"""Organisations, as the first release has them."""

from services.kit.ddl import AUDIT_1, audit_grants_1, run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ORGANISATIONS = """
create table organisation (
    id uuid primary key,
    agency text not null,
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in (
        'cso', 'business', 'municipality', 'ministry', 'business_advisory_centre'
    )),
    registration_number text check (length(registration_number) between 1 and 64),
    municipality text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, registration_number)
);
create index organisation_agency_id_idx on organisation (agency, id);
"""

MINE = "(select nullif(current_setting('app.agency', true), ''))"
ROW_SECURITY = f"""
alter table organisation enable row level security;
alter table organisation force row level security;
create policy own_rows on organisation to grants
    using (agency = {MINE}) with check (agency = {MINE});
"""

GRANTS = f"""
grant usage on schema public to grants;
grant select on alembic_version to grants;
grant select, insert on organisation to grants;
{audit_grants_1("grants")}
"""


def upgrade() -> None:
    for part in (ORGANISATIONS, AUDIT_1, ROW_SECURITY, GRANTS):
        run(part)
