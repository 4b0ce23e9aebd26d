"""Registrations, their linkage and their protection, as the first release has them."""

from services.kit.ddl import AUDIT_1, audit_grants_1, run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REGISTRY = """
create table registration (
    id uuid primary key,
    agency text not null,
    source_digest bytea not null,
    version integer not null default 1 check (version >= 1),
    recorded_at timestamptz not null default clock_timestamp(),
    withdrawn_at timestamptz,
    unique (agency, source_digest)
);
create index registration_agency_id_idx on registration (agency, id);
create table registration_version (
    id uuid primary key,
    registration uuid not null references registration (id),
    agency text not null,
    number integer not null check (number >= 1),
    digest bytea not null,
    personal bytea not null,
    recorded_at timestamptz not null default clock_timestamp(),
    recorded_by text not null,
    unique (registration, number)
);
"""

PROTECTION = """
create table protected_attribute (
    registration uuid primary key references registration (id),
    agency text not null,
    communities bytea not null
);
create table consent (
    id uuid primary key,
    registration uuid not null references registration (id),
    agency text not null,
    purpose text not null,
    given_at timestamptz not null default now(),
    until timestamptz not null,
    recorded_by text not null,
    withdrawn_at timestamptz
);
create index consent_registration_idx on consent (registration);
create table disclosure (
    id uuid primary key,
    registration uuid not null references registration (id),
    agency text not null,
    purpose text not null,
    consent uuid not null references consent (id),
    subject text not null,
    disclosed_at timestamptz not null default now()
);
"""

# `low` and `high` order a pair; `audience` is who may know of it: the agency of both
# registrations, or the registry desk where they are of two.
LINKAGE = """
create table trait (
    registration uuid primary key references registration (id),
    agency text not null,
    scheme smallint not null,
    traits bytea not null
);
create index trait_scheme_idx on trait (scheme, registration);
create table match_key (
    key bigint not null,
    registration uuid not null references trait (registration) on delete cascade,
    agency text not null,
    primary key (key, registration)
);
create index match_key_registration_idx on match_key (registration);
create table membership (
    registration uuid primary key references registration (id),
    agency text not null,
    since timestamptz not null default clock_timestamp(),
    component uuid not null,
    person uuid not null,
    own uuid not null,
    contested boolean not null default false
);
create index membership_component_idx on membership (component);
create index membership_person_idx on membership (person);
create table judgement (
    id uuid primary key,
    low uuid not null references registration (id),
    high uuid not null references registration (id),
    audience text not null,
    verdict text not null check (verdict in ('same', 'different', 'unsure')),
    made_by text not null,
    reason text,
    weight real not null,
    evidence jsonb not null,
    made_at timestamptz not null default now(),
    superseded_at timestamptz,
    check (low < high)
);
create unique index judgement_in_force_key on judgement (low, high)
    where superseded_at is null;
create index judgement_high_idx on judgement (high) where superseded_at is null;
create table review (
    id uuid primary key,
    low uuid not null references registration (id),
    high uuid not null references registration (id),
    audience text not null,
    kind text not null check (kind in ('pair', 'contradiction')),
    weight real not null,
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    closed_as text,
    check (low < high)
);
create index review_high_idx on review (high);
create index review_low_idx on review (low);
create unique index review_open_key on review (low, high) where closed_at is null;
create index review_queue_idx on review (audience, weight desc, id)
    where closed_at is null;
"""

DESK = "registry-desk"
MINE = "(select nullif(current_setting('app.agency', true), ''))"
OWNED = (
    "registration",
    "registration_version",
    "protected_attribute",
    "consent",
    "disclosure",
    "trait",
    "match_key",
    "membership",
)
HEARD = ("judgement", "review")

# The narrow window through which linkage sees across agencies: functions of a role that
# cannot log in, which take the caller's own registrations of this very transaction.
WINDOW = f"""
create schema linkage;
create function linkage.mine(registrations uuid[]) returns setof uuid
language sql stable set search_path = pg_catalog, public as $$
    select r.id from public.registration r
    where r.id = any(registrations) and r.agency = {MINE}
$$;
create function linkage.candidates(registrations uuid[], most integer)
returns table (
    registration uuid, candidate uuid, agency text, traits bytea, shared bigint
)
language sql stable security definer set search_path = pg_catalog, public
-- The index is right whatever the statistics say, and they lag behind an import.
set enable_seqscan = off set enable_bitmapscan = off as $$
    select own.registration, best.candidate, t.agency, t.traits, best.shared
    from public.trait own
    cross join lateral (
        select hit.registration as candidate, count(*) as shared
        from public.match_key k
        cross join lateral (
            select m.registration from public.match_key m
            where m.key = k.key and m.registration <> own.registration limit 100
        ) hit
        where k.registration = own.registration
        group by hit.registration
        order by shared desc, hit.registration desc
        limit most
    ) best
    cross join lateral (
        select c.agency, c.traits from public.trait c
        where c.registration = best.candidate limit 1
    ) t
    where own.registration = any(registrations) and own.agency = {MINE}
      and own.xmin::text
          = (pg_current_xact_id()::text::bigint % (1::bigint << 32))::text
$$;
create function linkage.clusters(registrations uuid[])
returns table (
    registration uuid, agency text, since timestamptz,
    component uuid, person uuid, own uuid, contested boolean
)
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.registration, m.agency, m.since, m.component, m.person, m.own, m.contested
    from public.membership m
    where m.component in (
        select c.component from public.membership c
        where c.registration = any(registrations)
    )
$$;
create function linkage.judgements(registrations uuid[])
returns table (low uuid, high uuid, verdict text)
language sql stable security definer set search_path = pg_catalog, public as $$
    select j.low, j.high, j.verdict from public.judgement j
    where j.superseded_at is null and j.verdict <> 'unsure'
      and j.low = any(registrations) and j.high = any(registrations)
$$;
create function linkage.assign(
    registrations uuid[], components uuid[], persons uuid[], owns uuid[],
    contests boolean[]
) returns void
language sql security definer set search_path = pg_catalog, public as $$
    update public.membership m
    set component = n.component, person = n.person, own = n.own,
        contested = n.contested
    from unnest(registrations, components, persons, owns, contests)
        as n (registration, component, person, own, contested)
    where m.registration = n.registration;
    -- What waits for review is answered when other links join its ends, and is asked
    -- again when they part.
    update public.review r
    set closed_at = case when l.person = h.person then now() end,
        closed_as = case when l.person = h.person then 'linked' end
    from public.membership l, public.membership h
    where l.registration = r.low and h.registration = r.high and r.kind = 'pair'
      and (r.low = any(registrations) or r.high = any(registrations))
      and case when l.person = h.person then r.closed_at is null
               else r.closed_as = 'linked' end;
    update public.review r set closed_at = now(), closed_as = 'resolved'
    from public.membership l, public.membership h
    where l.registration = r.low and h.registration = r.high
      and r.kind = 'contradiction' and r.closed_at is null
      and (r.low = any(registrations) or r.high = any(registrations))
      and not (l.contested and h.contested and l.component = h.component)
$$;
create function linkage.judge(
    ids uuid[], lows uuid[], highs uuid[], verdicts text[], weights real[],
    evidences jsonb[]
) returns setof uuid
language sql security definer set search_path = pg_catalog, public as $$
    with found as (
        select n.*, case when l.agency = h.agency then l.agency else '{DESK}' end
            as audience
        from unnest(ids, lows, highs, verdicts, weights, evidences)
            as n (id, low, high, verdict, weight, evidence)
        join public.registration l on l.id = n.low
        join public.registration h on h.id = n.high
        where {MINE} in (l.agency, h.agency)
    ), judged as (
        insert into public.judgement
            (id, low, high, audience, verdict, made_by, weight, evidence)
        select id, low, high, audience, verdict, 'matcher', weight, evidence from found
        on conflict (low, high) where superseded_at is null do nothing
        returning id, low, high, audience, verdict, weight
    ), queued as (
        insert into public.review (id, low, high, audience, kind, weight)
        select id, low, high, audience, 'pair', weight from judged
        where verdict = 'unsure'
        on conflict (low, high) where closed_at is null do nothing
    )
    select id from judged
$$;
create function linkage.contradict(
    ids uuid[], lows uuid[], highs uuid[], audiences text[]
) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into public.review (id, low, high, audience, kind, weight)
    select n.id, n.low, n.high, n.audience, 'contradiction', 0
    from unnest(ids, lows, highs, audiences) as n (id, low, high, audience)
    on conflict (low, high) where closed_at is null do nothing
$$;
create function linkage.retract(registrations uuid[], everything boolean)
returns setof uuid
language sql security definer set search_path = pg_catalog, public as $$
    with own as (select linkage.mine(registrations) as id),
    closed as (
        update public.review r set closed_at = now(), closed_as = 'retracted'
        from own where r.closed_at is null and (r.low = own.id or r.high = own.id)
    )
    update public.judgement j set superseded_at = now()
    from own
    where j.superseded_at is null and (everything or j.made_by = 'matcher')
      and (j.low = own.id or j.high = own.id)
    returning case when j.low = own.id then j.high else j.low end
$$;
"""

FUNCTIONS = (
    "mine(uuid[])",
    "candidates(uuid[], integer)",
    "clusters(uuid[])",
    "judgements(uuid[])",
    "assign(uuid[], uuid[], uuid[], uuid[], boolean[])",
    "judge(uuid[], uuid[], uuid[], text[], real[], jsonb[])",
    "contradict(uuid[], uuid[], uuid[], text[])",
    "retract(uuid[], boolean)",
)
SEEN = ("registration", "trait", "match_key", "membership", "judgement", "review")


def row_security() -> str:
    owned = "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to beneficiaries
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in OWNED
    )
    heard = "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy heard_rows on {table} to beneficiaries
            using (audience = {MINE}) with check (audience = {MINE});
        """
        for table in HEARD
    )
    return owned + heard


def window_rights() -> str:
    policies = "".join(
        f"create policy seen_rows on {table} to linkage_window using (true);\n"
        for table in SEEN
    )
    owners = "".join(
        f"""
        alter function linkage.{function} owner to linkage_window;
        revoke all on function linkage.{function} from public;
        grant execute on function linkage.{function} to beneficiaries;
        """
        for function in FUNCTIONS
    )
    return f"""
    grant usage on schema public to beneficiaries, linkage_window;
    grant usage, create on schema linkage to linkage_window;
    grant usage on schema linkage to beneficiaries;
    grant select on {", ".join(SEEN)} to linkage_window;
    grant update on membership, judgement, review to linkage_window;
    grant insert on judgement, review to linkage_window;
    {policies}
    {owners}
    revoke create on schema linkage from linkage_window;
    """


GRANTS = f"""
grant select on alembic_version to beneficiaries;
grant select, insert, update on registration, consent, trait, judgement, review
    to beneficiaries;
grant select, insert on registration_version, protected_attribute, disclosure,
    membership to beneficiaries;
grant update on protected_attribute to beneficiaries;
grant select, insert, delete on match_key to beneficiaries;
grant delete on trait to beneficiaries;
{audit_grants_1("beneficiaries")}
"""


def upgrade() -> None:
    for part in (REGISTRY, PROTECTION, LINKAGE, AUDIT_1, row_security()):
        run(part)
    for part in (WINDOW, GRANTS, window_rights()):
        run(part)
