"""What the matcher found of pairs is compared anew when both have moved to a scheme."""

from services.kit.ddl import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
CHANGED_NOW = "(pg_current_xact_id()::text::bigint % (1::bigint << 32))::text"

# Like candidates: only for registrations that this very transaction has changed.
JUDGED = f"""
create function linkage.judged(registrations uuid[], newest smallint)
returns table (registration uuid, candidate uuid, agency text, traits bytea)
language sql stable security definer set search_path = pg_catalog, public as $$
    select own.registration, t.registration, t.agency, t.traits
    from public.trait own
    cross join lateral (
        select j.high as other from public.judgement j
        where j.low = own.registration and j.superseded_at is null
          and j.made_by = 'matcher'
        union all
        select j.low from public.judgement j
        where j.high = own.registration and j.superseded_at is null
          and j.made_by = 'matcher'
    ) as pair
    join public.trait t on t.registration = pair.other and t.scheme >= newest
    where own.registration = any(registrations) and own.agency = {MINE}
      and own.xmin::text = {CHANGED_NOW}
$$;
"""
# Of pairs that both are of the newest scheme, what is no longer found so ends here.
OUTLIVE = """
create function linkage.outlive(
    registrations uuid[], newest smallint, lows uuid[], highs uuid[], verdicts text[]
) returns setof uuid
language sql security definer set search_path = pg_catalog, public as $$
    with outlived as (
        select j.id, j.low, j.high
        from public.judgement j
        join public.trait l on l.registration = j.low and l.scheme >= newest
        join public.trait h on h.registration = j.high and h.scheme >= newest
        where j.superseded_at is null and j.made_by = 'matcher' and exists (
            select from linkage.mine(registrations) as own (id)
            where own.id in (j.low, j.high)
        ) and not exists (
            select from unnest(lows, highs, verdicts) as f (low, high, verdict)
            where (f.low, f.high, f.verdict) = (j.low, j.high, j.verdict)
        )
    ), closed as (
        update public.review r
        set closed_at = now(), closed_as = 'retracted',
            claimed_by = null, claimed_until = null
        from outlived o
        where r.closed_at is null and r.low = o.low and r.high = o.high
    ), ended as (
        update public.judgement j set superseded_at = now()
        from outlived o where j.id = o.id
    )
    select o.low from outlived o union select o.high from outlived o
$$;
"""
RIGHTS = """
revoke all on function linkage.judged(uuid[], smallint),
    linkage.outlive(uuid[], smallint, uuid[], uuid[], text[]) from public;
grant execute on function linkage.judged(uuid[], smallint),
    linkage.outlive(uuid[], smallint, uuid[], uuid[], text[]) to beneficiaries;
"""


def upgrade() -> None:
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    for part in (JUDGED, OUTLIVE, RIGHTS):
        run(part)
    run("reset role; revoke create on schema linkage from linkage_window")
