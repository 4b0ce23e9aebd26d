"""The census of names, and candidates ranked by the rarity of the keys they share."""

from services.kit.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
MOST = 100  # holders of a key that are looked at

# One row: how many bear each name, sealed as a whole.
CENSUS = """
create table name_count (
    single boolean primary key default true check (single),
    counts bytea not null,
    counted_at timestamptz not null default now()
);
create index membership_since_idx on membership (since);
alter table name_count enable row level security;
alter table name_count force row level security;
create policy one_row on name_count to beneficiaries using (true) with check (true);
grant select, insert, update on name_count to beneficiaries;
"""
# Whoever came a minute ago has committed, or waits for longer than any request may. It
# gives whole moments, so that none is cut in two.
ENTERED = """
create function linkage.entered(after timestamptz, most integer)
returns table (registration uuid, since timestamptz, traits bytea)
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.registration, m.since, t.traits
    from public.membership m join public.trait t using (registration)
    where m.since > after and m.since < now() - interval '1 minute'
    order by m.since
    fetch first most rows with ties
$$;
grant usage, create on schema linkage to linkage_window;
alter function linkage.entered(timestamptz, integer) owner to linkage_window;
revoke create on schema linkage from linkage_window;
revoke all on function linkage.entered(timestamptz, integer) from public;
grant execute on function linkage.entered(timestamptz, integer) to beneficiaries;
"""

# A key that two have says more than one that a hundred have. Against a million people
# the best thirty hold as many of the true ones as the best sixty by the number of keys.
CANDIDATES = f"""
create or replace function linkage.candidates(registrations uuid[], most integer)
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
            select held.registration, count(*) over () as holders
            from (
                select m.registration from public.match_key m
                where m.key = k.key and m.registration <> own.registration limit {MOST}
            ) held
        ) hit
        where k.registration = own.registration
        group by hit.registration
        order by sum(ln({2 * MOST}::float8 / hit.holders)) desc, hit.registration desc
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
"""


def upgrade() -> None:
    run(CENSUS)
    run(ENTERED)
    # Only the owner of a function may replace it: the window, for this one moment.
    run("grant usage, create on schema linkage to linkage_window")
    run("set local role linkage_window")
    run(CANDIDATES)
    run("reset role")
    run("revoke create on schema linkage from linkage_window")
