"""Vacancies in full, placements' lives, trainings, enterprise support."""

from pathlib import Path

from services.kit.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
NEW = ("0002_placements.sql", "0002_trainings.sql", "0002_enterprise.sql")

# An organisation is an employer of an agency once. Those of before have none.
VACANCIES = """
alter table employer
    add column organisation uuid,
    add column seen_at timestamptz,
    add unique (agency, organisation);
create index employer_organisation_idx on employer (organisation);
alter table vacancy
    add column occupation text check (occupation ~ '^[0-9]{4}$'),
    add column sector text check (sector ~ '^([A-U]|[0-9]{2})$'),
    add column weekly_hours integer check (weekly_hours between 1 and 60),
    add column starts_on date,
    add column ends_on date check (ends_on >= starts_on),
    add column wage_amount numeric check (wage_amount > 0),
    add column wage_currency text check (wage_currency ~ '^[A-Z]{3}$'),
    add column wage_period text,
    add column municipality text,
    add column skills text[] not null default '{}',
    add column accessibility text[] not null default '{}',
    add column programme text,
    add check (num_nulls(wage_amount, wage_currency, wage_period) in (0, 3)),
    drop constraint vacancy_state_check,
    add check (state in ('draft', 'published', 'filled', 'closed'));
"""

# A closed vacancy of before was full: nobody could close one otherwise. Whoever was
# placed has started or will. Row security would hide the rows from who migrates.
PLACEMENTS = """
alter table vacancy disable row level security;
update vacancy set state = 'filled' where state = 'closed';
alter table vacancy enable row level security;
alter table placement
    drop constraint placement_status_check,
    drop constraint one_full_time_placement_at_a_time,
    add column why text,
    add column takes_place boolean not null default false,
    add column key_digest bytea check (length(key_digest) = 32),
    add column content_digest bytea check (length(content_digest) = 32),
    add unique (agency, key_digest),
    add unique (agency, id);
alter table placement disable row level security;
update placement
set takes_place = status = 'active',
    why = case status when 'withdrawn' then 'other' when 'ended' then 'other' end,
    status = case when status <> 'active' then status
                  when starts_on <= current_date then 'started' else 'accepted' end;
alter table placement enable row level security;
drop index placement_agency_id_idx;
create index placement_person_idx on placement (person);
create index placement_registration_idx on placement (agency, registration);
alter table placement
    add check (status in (
        'proposed', 'accepted', 'started', 'ended', 'declined', 'withdrawn'
    )),
    add check ((why is not null) = (status in ('ended', 'declined', 'withdrawn'))),
    add check (not takes_place or status in ('accepted', 'started', 'ended')),
    add constraint one_full_time_placement_at_a_time
        exclude using gist (uuidrange(person, person, '[]') with &&, during with &&)
        where (full_time and not contested
               and status in ('accepted', 'started', 'ended'));
"""

KEPT = """
    retention_check subsidy introduction seeker training training_session participant
    attendance certificate enterprise_activity business_plan business_link trade
""".split()
MINE = "(select nullif(current_setting('app.agency', true), ''))"
EMPLOYING = "(select nullif(current_setting('app.organisation', true), ''))"
SHOWN = "(select nullif(current_setting('app.certificate', true), '')::uuid)"


def row_security() -> str:
    return "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to employment
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in KEPT
    )


# An organisation that acts for itself sees itself as an employer, its vacancies, and
# whom the agencies propose for them; nobody's own rows, and nothing to change.
EMPLOYERS_VIEW = f"""
create policy at_my_organisation on employer for select to employment
    using (organisation::text = {EMPLOYING});
create policy at_my_organisation on vacancy for select to employment
    using (exists (select from employer e where e.id = vacancy.employer
                   and e.organisation::text = {EMPLOYING}));
create policy at_my_organisation on placement for select to employment
    using (exists (select from vacancy v join employer e on e.id = v.employer
                   where v.id = placement.vacancy
                   and e.organisation::text = {EMPLOYING}));
create policy at_my_organisation on introduction for select to employment
    using (exists (select from placement p join vacancy v on v.id = p.vacancy
                   join employer e on e.id = v.employer
                   where p.id = introduction.placement
                   and e.organisation::text = {EMPLOYING}));
create policy whose_number_is_shown on certificate for select to employment
    using (number = {SHOWN});
"""

# A row is held (`for update`) by who may change something of it.
GRANTS = f"""
grant select, insert on {", ".join(KEPT)} to employment;
grant update (employer, title, occupation, sector, hours, weekly_hours, starts_on,
              ends_on, wage_amount, wage_currency, wage_period, municipality, places,
              skills, accessibility, programme, state) on vacancy to employment;
grant update (name, municipality, seen_at) on employer to employment;
grant update (status, why, takes_place, starts_on, ends_on) on placement to employment;
grant update (due_on, result, verifier, method, verified_on, recorded_at, recorded_by)
    on retention_check to employment;
grant delete, update (occupations, skills, municipalities, available_from, weekly_hours)
    on seeker to employment;
grant delete on attendance to employment;
grant update (topic) on training_session to employment;
grant update (institution, function) on participant to employment;
grant update (state) on enterprise_activity, business_plan to employment;
grant update (revoked_at, revoked_for) on certificate to employment;
"""


def upgrade() -> None:
    new = (SQL.joinpath(name).read_text(encoding="utf-8") for name in NEW)
    for part in (VACANCIES, PLACEMENTS, *new, row_security(), EMPLOYERS_VIEW, GRANTS):
        run(part)
