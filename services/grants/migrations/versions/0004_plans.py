"""Plans, consultations and events."""

from services.kit.ddl import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A reference carries the agency with it: no row can point at another agency's.
PLANS = """
create table plan (
    id uuid primary key,
    agency text not null,
    kind text not null check (kind in ('economic_development', 'community_action')),
    titles jsonb not null,
    municipalities text[] not null check (cardinality(municipalities) between 1 and 40),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    status text not null check (status in ('draft', 'consulted', 'adopted')),
    adopted_on date check ((status = 'adopted') = (adopted_on is not null)),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, id)
);
create table priority (
    id uuid primary key,
    agency text not null,
    plan uuid not null,
    titles jsonb not null,
    sector text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, plan) references plan (agency, id)
);
create index priority_plan_idx on priority (plan, id);
create table consultation (
    id uuid primary key,
    agency text not null,
    plan uuid not null,
    held_on date not null,
    municipality text not null,
    attended integer not null check (attended between 0 and 100000),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, plan) references plan (agency, id)
);
create index consultation_plan_idx on consultation (plan, id);
"""

EVENTS = """
create table event (
    id uuid primary key,
    agency text not null,
    titles jsonb not null,
    municipalities text[] not null check (cardinality(municipalities) between 1 and 40),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    organisers uuid[] not null,
    status text not null check (status in ('planned', 'held', 'cancelled')),
    attended integer check (attended between 0 and 100000),
    check ((status = 'held') = (attended is not null)),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null
);
create index event_agency_id_idx on event (agency, id);
"""

# Under which identifier an agency publishes its awards; and whom nobody publishes.
PUBLISHERS = """
create table publisher (
    agency text primary key,
    reference text not null check (length(reference) between 4 and 80),
    name text not null check (length(name) between 1 and 200),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null
);
create table withholding (
    organisation uuid not null references organisation (id),
    agency text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    primary key (organisation, agency)
);
"""

MINE = "(select nullif(current_setting('app.agency', true), ''))"
TABLES = ("plan", "priority", "consultation", "event", "publisher", "withholding")
# What everybody who takes part may read beside his own. A policy that looks into
# another table sees there what that table's own policy shows.
PUBLIC = {
    "plan": "status <> 'draft'",
    "priority": "exists (select from plan where plan.id = priority.plan)",
    "consultation": "exists (select from plan where plan.id = consultation.plan)",
    "event": "true",
    "withholding": "true",  # whoever publishes must heed everybody's
}


def row_security() -> str:
    own = (
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to grants
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in TABLES
    )
    public = (
        f"""
        create policy public_rows on {table} for select to grants
            using ({MINE} is not null and {seen});
        """
        for table, seen in PUBLIC.items()
    )
    return "".join((*own, *public))


GRANTS = """
grant select, insert on plan, priority, consultation, event to grants;
grant select, insert on publisher, withholding to grants;
grant update (status, adopted_on) on plan to grants;
grant update (status, attended) on event to grants;
grant update on publisher to grants;
grant delete on withholding to grants;
"""


def upgrade() -> None:
    for part in (PLANS, EVENTS, PUBLISHERS, row_security(), GRANTS):
        run(part)
