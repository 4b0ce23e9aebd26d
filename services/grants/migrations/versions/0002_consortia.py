"""Calls, consortia and applications; and who reads what several take part in."""

from services.kit.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"

# Whom a row's readers are held against: the caller's tenant, and its organisation.
ME = """
create function me() returns text[]
language sql stable parallel safe set search_path = pg_catalog as $$
    select array[nullif(current_setting('app.agency', true), ''),
                 nullif(current_setting('app.organisation', true), '')]
$$;
"""

CALLS = """
create table call (
    id uuid primary key,
    agency text not null,
    status text not null check (status in ('draft', 'published', 'closed', 'decided')),
    title text not null check (length(title) between 1 and 200),
    description text,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    ceiling numeric(18, 4) not null check (ceiling > 0),
    budget numeric(18, 4) not null check (budget >= ceiling),
    opens_at timestamptz not null,
    closes_at timestamptz not null check (closes_at > opens_at),
    closed_at timestamptz,
    check ((closed_at is null) = (status in ('draft', 'published'))),
    time_zone text not null,
    rules jsonb not null check (jsonb_typeof(rules) = 'array'),
    criteria jsonb not null check (jsonb_typeof(criteria) = 'array'),
    assessors integer not null check (assessors between 2 and 10),
    attempts integer not null check (attempts between 1 and 20),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (agency, id)
);
"""

CONSORTIA = """
create table consortium (
    id uuid primary key,
    title text not null check (length(title) between 1 and 200),
    lead uuid not null references organisation (id),
    readers text[] not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (id, lead)
);
create index consortium_readers_idx on consortium using gin (readers);
create table terms (
    id uuid primary key,
    consortium uuid not null references consortium (id),
    number integer not null check (number > 0),
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    state text not null check (
        state in ('proposed', 'agreed', 'refused', 'lapsed', 'left')
    ),
    readers text[] not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (consortium, number),
    unique (consortium, id)
);
create unique index one_proposal_at_a_time on terms (consortium)
    where state = 'proposed';
create table member (
    terms uuid not null,
    organisation uuid not null references organisation (id),
    consortium uuid not null,
    role text not null check (role in ('lead', 'co_applicant', 'associate')),
    share numeric(7, 4) not null check (share between 0 and 100),
    task text,
    answer text not null check (
        answer in ('invited', 'accepted', 'refused', 'withdrew')
    ),
    digest text,
    answered_at timestamptz,
    answered_by text,
    answered_through text,
    primary key (terms, organisation),
    foreign key (consortium, terms) references terms (consortium, id),
    check ((answer = 'invited') = (answered_at is null)),
    check (answer <> 'accepted' or digest is not null)
);
create unique index one_lead on member (terms) where role = 'lead';
create index member_organisation_idx on member (organisation);
create table consortium_event (
    id uuid primary key,
    consortium uuid not null references consortium (id),
    terms uuid not null references terms (id),
    organisation uuid references organisation (id),
    what text not null,
    at timestamptz not null default clock_timestamp(),
    subject text not null,
    client text not null
);
create index consortium_event_consortium_idx on consortium_event (consortium, id);
"""

# An application's lead is its consortium's, and its agency that of its call.
APPLICATIONS = """
create table application (
    id uuid primary key,
    agency text not null,
    call uuid not null,
    consortium uuid not null,
    lead uuid not null,
    readers text[] not null,
    status text not null check (status in (
        'draft', 'submitted', 'eligible', 'scored', 'ranked', 'awarded', 'suspended',
        'declined', 'appealed', 'withdrawn'
    )),
    title text not null check (length(title) between 1 and 200),
    summary text,
    amount numeric(18, 4) not null check (amount > 0),
    currency text not null,
    priorities uuid[] not null,
    offered uuid,
    terms uuid,
    digest text,
    round integer not null check (round > 0),
    score numeric(7, 4),
    rank integer,
    tied boolean,
    submitted_at timestamptz,
    awarded_at timestamptz,
    concluded_at timestamptz,
    appealed_at timestamptz,
    declined_by text,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    foreign key (agency, call) references call (agency, id),
    foreign key (consortium, lead) references consortium (id, lead),
    foreign key (consortium, offered) references terms (consortium, id),
    foreign key (consortium, terms) references terms (consortium, id),
    check (status in ('draft', 'withdrawn') or terms is not null),
    check ((terms is null) = (digest is null)),
    check (status <> 'awarded' or awarded_at is not null)
);
create index application_readers_idx on application using gin (readers);
create index application_call_idx on application (call, id);
create index application_consortium_idx on application (consortium);
create index application_terms_idx on application (terms);
create table signature (
    application uuid not null references application (id),
    organisation uuid not null references organisation (id),
    digest text not null,
    at timestamptz not null default clock_timestamp(),
    subject text not null,
    client text not null,
    primary key (application, organisation, digest)
);
create table attempt (
    id uuid primary key,
    application uuid not null references application (id),
    call uuid not null,
    lead uuid not null,
    asked_by text not null,
    passed boolean not null,
    broken text not null,
    at timestamptz not null default clock_timestamp()
);
create index attempt_call_lead_idx on attempt (call, lead);
create table document (
    id uuid primary key,
    application uuid not null references application (id),
    kind text not null,
    media_type text not null,
    size integer not null check (size > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null
);
create index document_application_idx on document (application, id);
create table assessment (
    id uuid primary key,
    agency text not null,
    application uuid not null references application (id),
    round integer not null,
    assessor text not null,
    state text not null check (
        state in ('appointed', 'free', 'conflicted', 'scored')
    ),
    points jsonb,
    weighed numeric(7, 4),
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    scored_at timestamptz,
    unique (application, round, assessor),
    check ((state = 'scored') = (points is not null and scored_at is not null))
);
create index assessment_agency_idx on assessment (agency, id);
"""

# What organisations have elsewhere: one bit of each kind for a consortium that agreed
# on its terms, told to the readers of its application and about no one member.
WINDOW = """
create schema composition;
create function composition.obstacles(asked uuid, under uuid) returns setof text
language sql stable security definer set search_path = pg_catalog, public as $$
    with own as (
        select a.* from public.application a
        join public.terms t on t.id = under and t.consortium = a.consortium
        where a.id = asked and t.state = 'agreed' and a.readers && (select public.me())
    ), others as (
        select distinct o.* from own
        join public.member mine on mine.terms = under
        join public.member theirs on theirs.organisation = mine.organisation
        join public.application o on o.terms = theirs.terms and o.id <> own.id
        where theirs.answer = 'accepted'
          and o.status not in ('draft', 'declined', 'withdrawn')
    )
    select 'applies' from own, others where others.call = own.call
    union
    select 'leads' from own, others
    where others.call = own.call and others.lead = own.lead
    union
    select 'awarded' from own, others
    where others.call = own.call and others.awarded_at is not null
    union
    select 'funded' from own, others
    where others.agency <> own.agency and others.priorities && own.priorities
      and others.awarded_at is not null and others.concluded_at is null
$$;
"""
SEEN = ("application", "terms", "member")

READ_BY_NAME = ("consortium", "terms", "application")
FOLLOWING = {
    "member": "terms",
    "consortium_event": "terms",
    "signature": "application",
    "attempt": "application",
    "document": "application",
}
CLOSED = ("call", "assessment", *READ_BY_NAME, *FOLLOWING)
OWN_ROWS = f"""
create policy own_rows on call to grants
    using (agency = {MINE}) with check (agency = {MINE});
create policy public_rows on call for select to grants
    using (status <> 'draft' and {MINE} is not null);
create policy own_rows on assessment to grants
    using (agency = {MINE}) with check (agency = {MINE});
"""


def row_security() -> str:
    forced = (
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        """
        for table in CLOSED
    )
    by_name = (
        f"""
        create policy read_rows on {table} to grants
            using (readers && (select me())) with check (readers && (select me()));
        """
        for table in READ_BY_NAME
    )
    following = (
        f"""
        create policy following_rows on {table} to grants
            using (exists (select from {parent} p where p.id = {table}.{parent}));
        """
        for table, parent in FOLLOWING.items()
    )
    return "".join((*forced, OWN_ROWS, *by_name, *following))


def window_rights() -> str:
    policies = "".join(
        f"create policy seen_rows on {table} for select to grants_window using (true);"
        for table in SEEN
    )
    return f"""
    grant usage on schema public to grants_window;
    grant select on {", ".join(SEEN)} to grants_window;
    {policies}
    grant usage, create on schema composition to grants_window;
    grant usage on schema composition to grants;
    alter function composition.obstacles(uuid, uuid) owner to grants_window;
    revoke all on function composition.obstacles(uuid, uuid) from public;
    grant execute on function composition.obstacles(uuid, uuid) to grants;
    revoke create on schema composition from grants_window;
    """


GRANTS = """
grant execute on function me() to grants, grants_window;
grant select, insert on call, consortium, terms, member, consortium_event,
    application, signature, attempt, document, assessment to grants;
grant update (status, closed_at, title, description, currency, ceiling, budget,
    opens_at, closes_at, time_zone, rules, criteria, assessors, attempts)
    on call to grants;
grant update (readers) on consortium to grants;
grant update (state, readers) on terms to grants;
grant update (answer, digest, answered_at, answered_by, answered_through)
    on member to grants;
grant update (readers, status, title, summary, amount, priorities, offered, terms,
    digest, round, score, rank, tied, submitted_at, awarded_at, concluded_at,
    appealed_at, declined_by) on application to grants;
grant update (state, points, weighed, scored_at) on assessment to grants;
"""


def upgrade() -> None:
    for part in (ME, CALLS, CONSORTIA, APPLICATIONS, WINDOW):
        run(part)
    for part in (row_security(), window_rights(), GRANTS):
        run(part)
