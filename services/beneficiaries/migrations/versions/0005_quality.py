"""Samples for review, and the standing report of quality."""

from services.kit.ddl import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
DESK = "registry-desk"

# A sample is a review like another; from which stratum it was drawn is no reviewer's to
# know, so it stands apart. `below` is how many pairs lie just under the lower cut-off.
TABLES = f"""
alter table review drop constraint review_kind_check;
alter table review
    add constraint review_kind_check
    check (kind in ('pair', 'contradiction', 'sample'));
create table quality_sample (
    review uuid primary key references review (id),
    audience text not null,
    stratum text not null check (stratum in ('linked', 'below'))
);
create table quality_draw (
    id uuid primary key,
    audience text not null default '{DESK}' check (audience = '{DESK}'),
    drawn_at timestamptz not null default clock_timestamp(),
    below double precision not null check (below >= 0)
);
create table quality_report (
    day date primary key,
    audience text not null default '{DESK}' check (audience = '{DESK}'),
    report jsonb not null
);
"""
KEPT = ("quality_sample", "quality_draw", "quality_report")

# Whose traits are opened is drawn at random: nobody chooses. Their candidates are those
# that `linkage.candidates` would give.
DRAWING = """
create function linkage.registered() returns bigint
language sql stable security definer set search_path = pg_catalog, public as $$
    select count(*) from public.trait
$$;
create function linkage.drawn(seeds integer, most integer)
returns table (registration uuid, candidate uuid, traits bytea)
language sql volatile security definer set search_path = pg_catalog, public
-- The indexes are right whatever the statistics say.
set enable_seqscan = off set enable_bitmapscan = off as $$
    with own as materialized (
        select t.registration from public.trait t order by random() limit seeds
    )
    select own.registration, null::uuid, t.traits
    from own join public.trait t on t.registration = own.registration
    union all
    select own.registration, best.candidate, t.traits
    from own
    cross join lateral (
        select hit.registration as candidate
        from public.match_key k
        cross join lateral (
            select held.registration, count(*) over () as holders
            from (
                select m.registration from public.match_key m
                where m.key = k.key and m.registration <> own.registration limit 100
            ) held
        ) hit
        where k.registration = own.registration
        group by hit.registration
        order by sum(ln(200.0 / hit.holders)) desc, hit.registration desc
        limit most
    ) best
    join public.trait t on t.registration = best.candidate
$$;
"""

# A sampled link is in force and stays so until its reviewer says otherwise; of a pair
# below, a judgement of "unsure" is what the reviewer will supersede.
SAMPLING = f"""
create function linkage.sample_links(ids uuid[]) returns bigint
language sql security definer set search_path = pg_catalog, public as $$
    with chosen as (
        select j.low, j.high, j.audience, j.weight from public.judgement j
        where j.superseded_at is null and j.made_by = 'matcher' and j.verdict = 'same'
          and not exists (
            select from public.review r
            where r.low = j.low and r.high = j.high and r.kind = 'sample'
          )
        order by random() limit cardinality(ids)
    ), numbered as (
        select *, row_number() over () as at from chosen
    ), asked as (
        insert into public.review (id, low, high, audience, kind, weight)
        select ids[at], low, high, audience, 'sample', weight from numbered
        on conflict do nothing
        returning id, audience
    ), kept as (
        insert into public.quality_sample (review, audience, stratum)
        select id, audience, 'linked' from asked returning review
    )
    select count(*) from kept
$$;
create function linkage.sample_below(
    ids uuid[], judgements uuid[], lows uuid[], highs uuid[], weights real[],
    evidences jsonb[]
) returns bigint
language sql security definer set search_path = pg_catalog, public as $$
    with judged as (
        insert into public.judgement
            (id, low, high, audience, verdict, made_by, weight, evidence)
        select n.judgement, n.low, n.high,
               case when l.agency = h.agency then l.agency else '{DESK}' end,
               'unsure', 'matcher', n.weight, n.evidence
        from unnest(judgements, lows, highs, weights, evidences)
            as n (judgement, low, high, weight, evidence)
        join public.registration l on l.id = n.low
        join public.registration h on h.id = n.high
        on conflict (low, high) where superseded_at is null do nothing
        returning low, high, audience, weight
    ), numbered as (
        select *, row_number() over () as at from judged
    ), asked as (
        insert into public.review (id, low, high, audience, kind, weight)
        select ids[at], low, high, audience, 'sample', weight from numbered
        on conflict do nothing
        returning id, audience
    ), kept as (
        insert into public.quality_sample (review, audience, stratum)
        select id, audience, 'below' from asked returning review
    )
    select count(*) from kept
$$;
"""

# What a reviewer has judged since, and what its two ends are, sealed.
REPORTING = """
create function linkage.strata() returns table (linked bigint, queued bigint)
language sql stable security definer set search_path = pg_catalog, public as $$
    select
        (select count(*) from public.judgement
         where made_by = 'matcher' and verdict = 'same' and superseded_at is null)
      + (select count(*) from public.quality_sample s join public.review r
         on r.id = s.review
         where s.stratum = 'linked' and r.closed_as in ('same', 'different')),
        (select count(*) from public.review where kind = 'pair'
         and (closed_at is null or closed_as in ('same', 'different')))
$$;
create function linkage.reviewed(most integer)
returns table (
    low uuid, high uuid, stratum text, same boolean, agencies text[]
)
language sql stable security definer set search_path = pg_catalog, public as $$
    select r.low, r.high, coalesce(s.stratum, 'queued'), r.closed_as = 'same',
           array[l.agency, h.agency]
    from public.review r
    join public.registration l on l.id = r.low
    join public.registration h on h.id = r.high
    left join public.quality_sample s on s.review = r.id
    where r.closed_as in ('same', 'different') and r.kind in ('pair', 'sample')
    order by r.closed_at desc, r.id limit most
$$;
create function linkage.ends(most integer)
returns table (
    registration uuid, version uuid, personal bytea, communities bytea
)
language sql stable security definer set search_path = pg_catalog, public as $$
    select r.id, v.id, v.personal, p.communities
    from public.registration r
    join public.registration_version v
      on v.registration = r.id and v.number = r.version
    left join public.protected_attribute p on p.registration = r.id
    where r.id in (
        select unnest(array[d.low, d.high]) from linkage.reviewed(most) as d
    )
$$;
create function linkage.kept_report() returns jsonb
language sql stable security definer set search_path = pg_catalog, public as $$
    select report from public.quality_report where day = current_date
$$;
create function linkage.keep_report(report jsonb) returns jsonb
language sql security definer set search_path = pg_catalog, public as $$
    insert into public.quality_report (day, report) values (current_date, report)
    on conflict (day) do nothing;
    select q.report from public.quality_report q where q.day = current_date
$$;
create function linkage.keep_draw(id uuid, below double precision) returns void
language sql security definer set search_path = pg_catalog, public as $$
    insert into public.quality_draw (id, below) values (id, below)
$$;
create function linkage.last_below() returns double precision
language sql stable security definer set search_path = pg_catalog, public as $$
    select coalesce(
        (select below from public.quality_draw order by drawn_at desc limit 1), 0
    )
$$;
"""

FUNCTIONS = (
    "registered()",
    "drawn(integer, integer)",
    "sample_links(uuid[])",
    "sample_below(uuid[], uuid[], uuid[], uuid[], real[], jsonb[])",
    "strata()",
    "reviewed(integer)",
    "ends(integer)",
    "kept_report()",
    "keep_report(jsonb)",
    "keep_draw(uuid, double precision)",
    "last_below()",
)


def security() -> str:
    kept = "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy heard_rows on {table} to beneficiaries
            using (audience = {MINE}) with check (audience = {MINE});
        create policy seen_rows on {table} to linkage_window using (true);
        grant select, insert on {table} to linkage_window;
        """
        for table in KEPT
    )
    return f"""
    {kept}
    create policy seen_rows on protected_attribute to linkage_window using (true);
    grant select on protected_attribute to linkage_window;
    """


def rights() -> str:
    return "".join(
        f"""
        revoke all on function linkage.{function} from public;
        grant execute on function linkage.{function} to beneficiaries;
        """
        for function in FUNCTIONS
    )


def upgrade() -> None:
    run(TABLES)
    run(security())
    # The window's functions are its own.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    for part in (DRAWING, SAMPLING, REPORTING, rights()):
        run(part)
    run("reset role; revoke create on schema linkage from linkage_window")
