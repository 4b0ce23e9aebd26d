"""Employers, vacancies and placements, as the first release has them."""

from services.kit.ddl import AUDIT_1, audit_grants_1, run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A reference carries the agency with it: no row can point at another agency's.
VACANCIES = """
create table employer (
    id uuid primary key,
    agency text not null,
    name text not null check (length(name) between 1 and 200),
    municipality text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, id)
);
create table vacancy (
    id uuid primary key,
    agency text not null,
    employer uuid not null,
    title text not null check (length(title) between 1 and 200),
    hours text not null check (hours in ('full_time', 'part_time')),
    places integer not null check (places between 1 and 1000),
    state text not null check (state in ('published', 'closed')),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, id),
    foreign key (agency, employer) references employer (agency, id)
);
create index vacancy_employer_idx on vacancy (agency, employer);
"""

# The exclusion sees every agency's rows, where row-level security shows one's own only.
# Its index is on uuid and range together; a range of one uuid does without btree_gist.
PLACEMENTS = """
create type uuidrange as range (subtype = uuid);
create table placement (
    id uuid primary key,
    agency text not null,
    vacancy uuid not null,
    registration uuid not null,
    person uuid not null,
    contested boolean not null,
    full_time boolean not null,
    starts_on date not null,
    ends_on date check (ends_on >= starts_on),
    during daterange not null
        generated always as (daterange(starts_on, ends_on, '[]')) stored,
    overlap_check_consented boolean not null,
    status text not null check (status in ('active', 'ended', 'withdrawn')),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, vacancy) references vacancy (agency, id),
    check (overlap_check_consented or not full_time),
    constraint one_full_time_placement_at_a_time
        exclude using gist (uuidrange(person, person, '[]') with &&, during with &&)
        where (full_time and not contested and status = 'active')
);
create index placement_agency_id_idx on placement (agency, id);
create index placement_vacancy_idx on placement (agency, vacancy);
"""

TABLES = ("employer", "vacancy", "placement")
MINE = "(select nullif(current_setting('app.agency', true), ''))"


def row_security() -> str:
    return "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to employment
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in TABLES
    )


GRANTS = f"""
grant usage on schema public to employment;
grant select on alembic_version to employment;
grant select, insert on employer, vacancy, placement to employment;
grant update (state) on vacancy to employment;
{audit_grants_1("employment")}
"""


def upgrade() -> None:
    for part in (VACANCIES, PLACEMENTS, AUDIT_1, row_security(), GRANTS):
        run(part)
