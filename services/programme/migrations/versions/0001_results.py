"""Indicators with their facts, surveys with their findings, counts; and the audit."""

from services.kit.ddl import (
    AUDIT_1,
    FOLLOWING_1,
    audit_grants_1,
    following_grants_1,
    run,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A correction names what it stands in the place of: its own agency's, of the same
# thing, and once. There is no other way to change a figure: nobody may update one.
INDICATORS = """
create table indicator (
    id uuid primary key,
    agency text not null,
    code text not null unique check (length(code) between 1 and 60),
    titles jsonb not null,
    unit text not null,
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    counted_as text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null
);
create table fact (
    id uuid primary key,
    agency text not null,
    indicator uuid not null references indicator (id),
    aspect text not null check (aspect in ('baseline', 'target', 'actual')),
    value numeric check (value >= 0),
    qualifier text not null check (qualifier in ('exact', 'about', 'up_to')),
    source jsonb not null,
    supersedes uuid unique,
    reason text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, indicator, aspect, id),
    foreign key (agency, indicator, aspect, supersedes)
        references fact (agency, indicator, aspect, id),
    check (value is not null or supersedes is not null),
    check ((supersedes is null) = (reason is null))
);
create index fact_indicator_idx on fact (indicator, id);
"""

SURVEYS = """
create table survey (
    id uuid primary key,
    agency text not null,
    code text not null unique check (length(code) between 1 and 60),
    question jsonb not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null
);
create table finding (
    id uuid primary key,
    agency text not null,
    survey uuid not null references survey (id),
    wave integer not null check (wave between 1 and 100),
    wave_titles jsonb not null,
    asked_on date,
    population text not null check (length(population) between 1 and 60),
    population_titles jsonb not null,
    share numeric check (share between 0 and 100),
    sample_size integer check (sample_size > 0),
    low numeric,
    high numeric,
    source jsonb not null,
    supersedes uuid unique,
    reason text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, survey, wave, population, id),
    foreign key (agency, survey, wave, population, supersedes)
        references finding (agency, survey, wave, population, id),
    check (share is not null or supersedes is not null),
    check ((supersedes is null) = (reason is null)),
    check ((low is null) = (high is null)),
    check (low between 0 and share and high between share and 100)
);
create index finding_survey_idx on finding (survey, id);
"""

# A tally says which unit (a person, an award) a subject (a registration, an award)
# counts for. Together they tell who is one person with whom: for the counter alone.
COUNTS = """
create table counted_event (
    id uuid primary key,
    counted_at timestamptz not null default clock_timestamp()
);
create table tally (
    subject uuid not null,
    measure text not null,
    unit uuid not null,
    amount integer not null check (amount > 0),
    primary key (subject, measure, unit)
);
create index tally_measure_unit_idx on tally (measure, unit);
create table count_total (
    measure text primary key,
    total bigint not null check (total >= 0)
);
"""

CALLER = "(select nullif(current_setting('app.agency', true), ''))"
COUNTER = "programme-counter"
SHARED = ("indicator", "fact", "survey", "finding")
HIDDEN = ("counted_event", "tally")
SHOWN = ("count_total",)


def closed(table: str) -> str:
    return f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
    """


def row_security() -> str:
    """Show figures to whoever is somebody; let each agency write its own."""
    shared = (
        f"""
        {closed(table)}
        create policy everybody_reads on {table} for select to programme
            using ({CALLER} is not null);
        create policy own_rows on {table} for insert to programme
            with check (agency = {CALLER});
        grant select, insert on {table} to programme;
        """
        for table in SHARED
    )
    counted = (
        f"""
        {closed(table)}
        create policy counter on {table} to programme
            using ({CALLER} = '{COUNTER}') with check ({CALLER} = '{COUNTER}');
        """
        for table in (*HIDDEN, *SHOWN)
    )
    shown = (
        f"""
        create policy everybody_reads on {table} for select to programme
            using ({CALLER} is not null);
        """
        for table in SHOWN
    )
    return "".join((*shared, *counted, *shown))


GRANTS = f"""
grant usage on schema public to programme;
grant select on alembic_version to programme;
grant select, insert on counted_event to programme;
grant select, insert, delete on tally to programme;
grant select, insert, update on count_total to programme;
{audit_grants_1("programme")}
{following_grants_1("programme")}
"""


def upgrade() -> None:
    for part in (INDICATORS, SURVEYS, COUNTS, FOLLOWING_1, AUDIT_1):
        run(part)
    for part in (row_security(), GRANTS):
        run(part)
