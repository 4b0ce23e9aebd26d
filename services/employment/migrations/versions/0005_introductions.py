"""Introductions that the employer itself reads; subsidies that are safe to repeat."""

from services.kit.ddl import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Introductions of before gave the agency the name, to tell it: they are over. Row
# security would hide the rows from who migrates. Where the employer was no organisation
# its own id stands, which is nobody's.
READ = ("introduction", "placement", "vacancy", "employer")
SEALED = """
alter table introduction
    add column organisation uuid,
    add column phones boolean not null default false,
    add column until timestamptz,
    add column sealed text not null default '',
    add column withdrawn_at timestamptz;
update introduction i
set organisation = coalesce(e.organisation, e.id), until = introduced_at
from placement p
join vacancy v on v.id = p.vacancy
join employer e on e.id = v.employer
where p.id = i.placement;
alter table introduction
    alter column organisation set not null,
    alter column phones drop default,
    alter column until set not null,
    alter column sealed drop default;
create index introduction_agency_idx on introduction (agency, id);
drop policy at_my_organisation on introduction;
create policy at_my_organisation on introduction for select to employment
    using (organisation::text
           = (select nullif(current_setting('app.organisation', true), '')));
grant update (withdrawn_at) on introduction to employment;
"""
SUBSIDIES = """
alter table subsidy
    add column key_digest bytea check (length(key_digest) = 32),
    add column content_digest bytea check (length(content_digest) = 32),
    add unique (agency, key_digest);
"""


def upgrade() -> None:
    for table in READ:
        run(f"alter table {table} disable row level security;")
    run(SEALED)
    for table in READ:
        run(f"alter table {table} enable row level security;")
    run(SUBSIDIES)
