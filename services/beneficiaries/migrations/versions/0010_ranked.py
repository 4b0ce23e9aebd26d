"""Candidates ranked in one place, from the first forty holders of each key."""

from services.kit.ddl import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
HOLDERS = 40  # of a key that are looked at: of one that more have, the oldest

# Postgres writes it into whoever calls it; so it has no search path, and names schemas.
# Rarity is summed in whole thousandths, so that whoever shares the same ranks the same.
# Of those entered in the same call it meets whoever came before it, as if one by one.
RANKED = f"""
create function linkage.ranked(own uuid, beside uuid[], most integer)
returns table (candidate uuid, shared bigint)
language sql stable as $$
    select hit.registration, pg_catalog.count(*)
    from public.match_key k
    cross join lateral (
        select held.registration, pg_catalog.count(*) over () as holders
        from (
            select m.registration from public.match_key m
            where m.key = k.key and (
                m.registration < own
                or m.registration > own and m.registration <> all(beside)
            )
            limit {HOLDERS}
        ) held
    ) hit
    where k.registration = own
    group by hit.registration
    order by
        pg_catalog.sum((1000 * pg_catalog.ln({2 * HOLDERS}::float8 / holders))::int4)
        desc,
        hit.registration desc
    limit most
$$;
revoke all on function linkage.ranked(uuid, uuid[], integer) from public;
"""
BY_INDEX = """set search_path = pg_catalog, public
-- The index is right whatever the statistics say, and they lag behind an import.
set enable_seqscan = off set enable_bitmapscan = off"""
CANDIDATES = f"""
create or replace function linkage.candidates(registrations uuid[], most integer)
returns table (
    registration uuid, candidate uuid, agency text, traits bytea, shared bigint
)
language sql stable security definer {BY_INDEX} as $$
    select own.registration, best.candidate, t.agency, t.traits, best.shared
    from public.trait own
    cross join lateral linkage.ranked(own.registration, registrations, most) as best
    cross join lateral (
        select c.agency, c.traits from public.trait c
        where c.registration = best.candidate limit 1
    ) t
    where own.registration = any(registrations) and own.agency = {MINE}
      and own.xmin::text
          = (pg_current_xact_id()::text::bigint % (1::bigint << 32))::text
$$;
"""
DRAWN = f"""
create or replace function linkage.drawn(seeds integer, most integer)
returns table (registration uuid, candidate uuid, traits bytea)
language sql volatile security definer {BY_INDEX} as $$
    with own as materialized (
        select t.registration from public.trait t
        -- Who is never to be matched has no key.
        where exists (
            select from public.match_key k where k.registration = t.registration
        )
        order by random() limit seeds
    )
    select own.registration, null::uuid, t.traits
    from own join public.trait t on t.registration = own.registration
    union all
    select own.registration, best.candidate, t.traits
    from own
    cross join lateral linkage.ranked(own.registration, '{{}}', most) as best
    join public.trait t on t.registration = best.candidate
$$;
"""


def upgrade() -> None:
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    for part in (RANKED, CANDIDATES, DRAWN):
        run(part)
    run("reset role; revoke create on schema linkage from linkage_window")
