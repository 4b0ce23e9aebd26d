"""Recording of many: one call enters, one judges, one settles, however many there are.

Their plans are made once: to plan such a call took longer than to carry it out. And
they keep to the indexes: where an import has just filled a registry, statistics lag.
"""

from services.kit.ddl import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MINE = "(select nullif(current_setting('app.agency', true), ''))"
DESK = "registry-desk"
MATERIAL = 5  # bits, as in 0003
PLANNED = """set search_path = pg_catalog, public
set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off"""

# What the sender knows already under one of the sources comes first, without candidate;
# then whom the others, entered now, share a match key with: each other, too. Each query
# sees what had been committed when it began, so whoever waited for a lock reads what
# the one before has written.
ENTER = f"""
drop function known(bigint[], text, bytea[]);
drop function enter(uuid[], text, smallint, bytea[], bigint[], uuid[], integer);
create function enter(
    locks bigint[], owner text, by text, sources bytea[], ids uuid[], versions uuid[],
    contents bytea[], personals bytea[], protecteds bytea[], schemes smallint[],
    sealed bytea[], keys bigint[], holders uuid[], most integer
) returns table (
    source_digest bytea, registration uuid, version integer, digests bytea[], own uuid,
    candidate uuid, agency text, traits bytea
)
language plpgsql {PLANNED} as $$
#variable_conflict use_column
declare
    fresh uuid[] := ids;
begin
    perform pg_advisory_xact_lock(key) from unnest(locks) as locked (key);
    return query
    select r.source_digest, r.id, r.version,
           array(
               select v.digest from registration_version v where v.registration = r.id
           ),
           (select m.own from membership m where m.registration = r.id),
           null::uuid, null::text, null::bytea
    from registration r
    where r.agency = owner and r.source_digest = any(sources);
    if found then
        fresh := array(
            select n.id from unnest(ids, sources) as n (id, source)
            where not exists (
                select from registration r
                where r.agency = owner and r.source_digest = n.source
            )
        );
    end if;
    insert into registration (id, agency, source_digest)
    select n.id, owner, n.source from unnest(ids, sources) as n (id, source)
    where n.id = any(fresh);
    insert into registration_version
        (id, registration, agency, number, digest, personal, recorded_by)
    select n.version, n.id, owner, 1, n.content, n.personal, by
    from unnest(ids, versions, contents, personals)
        as n (id, version, content, personal)
    where n.id = any(fresh);
    insert into protected_attribute (registration, agency, communities)
    select n.id, owner, n.communities
    from unnest(ids, protecteds) as n (id, communities) where n.id = any(fresh);
    insert into trait (registration, agency, scheme, traits)
    select n.id, owner, n.scheme, n.traits
    from unnest(ids, schemes, sealed) as n (id, scheme, traits) where n.id = any(fresh);
    insert into membership (registration, agency, component, person, own)
    select n.id, owner, n.id, n.id, n.id from unnest(fresh) as n (id);
    insert into match_key (key, registration, agency)
    select n.key, n.holder, owner from unnest(keys, holders) as n (key, holder)
    where n.holder = any(fresh);
    return query
    select null::bytea, c.registration, null::integer, null::bytea[], null::uuid,
           c.candidate, c.agency, c.traits
    from linkage.candidates(fresh, most) as c;
end
$$;
"""
ENTER_RIGHTS = """
revoke all on function enter(bigint[], text, text, bytea[], uuid[], uuid[], bytea[],
    bytea[], bytea[], smallint[], bytea[], bigint[], uuid[], integer) from public;
grant execute on function enter(bigint[], text, text, bytea[], uuid[], uuid[], bytea[],
    bytea[], bytea[], smallint[], bytea[], bigint[], uuid[], integer) to beneficiaries;
"""

CONNECTED = """table (
    registration uuid, agency text, since timestamptz, component uuid, person uuid,
    own uuid, contested boolean, moves bigint, same uuid[], different uuid[]
)"""

# Everyone connected with these, held until the end; whoever joined meanwhile as well.
# Each with those above it whom a judgement in force says to be the same, or another.
HELD = f"""
drop function linkage.held(uuid[]);
drop function linkage.judgements(uuid[]);
drop function linkage.clusters(uuid[]);
create function linkage.held(registrations uuid[]) returns {CONNECTED}
language plpgsql security definer {PLANNED} as $$
#variable_conflict use_column
declare
    held uuid[] := '{{}}';
    fresh uuid[];
begin
    loop
        select array_agg(distinct m.component) into fresh from public.membership m
        where m.registration = any(registrations) and m.component <> all(held);
        exit when fresh is null;
        -- An id is numbered by its later half, where it is random; sorted, so that
        -- nobody deadlocks.
        perform pg_advisory_xact_lock(numbered.number) from (
            select ('x' || right(replace(id::text, '-', ''), 16))::bit(64)::bigint
            from unnest(fresh) as f (id) order by 1
        ) as numbered (number);
        held := held || fresh;
    end loop;
    return query
    select m.registration, m.agency, m.since, m.component, m.person, m.own,
           m.contested, m.moves, coalesce(j.same, '{{}}'), coalesce(j.different, '{{}}')
    from unnest(held) as h (component)
    join public.membership m on m.component = h.component
    cross join lateral (
        select array_agg(n.high) filter (where n.verdict = 'same') as same,
               array_agg(n.high) filter (where n.verdict = 'different') as different
        from public.judgement n
        where n.low = m.registration and n.superseded_at is null
    ) as j;
end
$$;
"""

# A partial index may be read as a whole, if the table was small when that was planned.
INDEX = """
drop index judgement_high_idx;
create index judgement_high_idx on judgement (high);
"""
# What the matcher found is kept; whoever is connected by it is given, and held.
JUDGE = f"""
drop function linkage.judge(uuid[], uuid[], uuid[], text[], real[], jsonb[]);
create function linkage.judge(
    ids uuid[], lows uuid[], highs uuid[], verdicts text[], weights real[],
    evidences jsonb[], also uuid[] default '{{}}'
) returns {CONNECTED}
language plpgsql security definer {PLANNED} as $$
#variable_conflict use_column
begin
    with found as (
        select n.*, case when owners[1] = owners[2] then owners[1] else '{DESK}' end
            as audience
        from unnest(ids, lows, highs, verdicts, weights, evidences)
            as n (id, low, high, verdict, weight, evidence)
        cross join lateral (
            select array[
                (select l.agency from public.registration l where l.id = n.low),
                (select h.agency from public.registration h where h.id = n.high)
            ] as owners
            offset 0
        ) as ends
        where {MINE} = any(owners)
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
        on conflict do nothing
    )
    -- What a reviewer found is remembered: it stands, and is asked again only where
    -- the matcher would now link by much more than what the reviewer saw.
    insert into public.review (id, low, high, audience, kind, weight, evidence)
    select n.id, n.low, n.high, n.audience, 'pair', n.weight, n.evidence
    from found n
    cross join lateral (
        select s.weight from public.judgement s
        where s.low = n.low and s.high = n.high and s.superseded_at is null
          and s.made_by <> 'matcher' and s.verdict <> 'same' limit 1
    ) as standing
    where n.verdict = 'same' and n.weight >= standing.weight + {MATERIAL}
    on conflict do nothing;
    return query select * from linkage.held(also || array(
        select end_ from unnest(lows, highs, verdicts) as n (low, high, verdict)
        cross join lateral (values (n.low), (n.high)) as ends (end_)
        where n.verdict = 'same'
    ));
end
$$;
"""
WINDOW_RIGHTS = """
revoke all on function linkage.held(uuid[]),
    linkage.judge(uuid[], uuid[], uuid[], text[], real[], jsonb[], uuid[]) from public;
grant execute on function linkage.held(uuid[]),
    linkage.judge(uuid[], uuid[], uuid[], text[], real[], jsonb[], uuid[])
    to beneficiaries;
alter function linkage.settle(
    uuid[], uuid[], uuid[], uuid[], boolean[], uuid[], uuid[], uuid[], text[]
) set plan_cache_mode = force_generic_plan;
alter function linkage.settle(
    uuid[], uuid[], uuid[], uuid[], boolean[], uuid[], uuid[], uuid[], text[]
) set enable_seqscan = off;
"""


def upgrade() -> None:
    for part in (ENTER, ENTER_RIGHTS, INDEX):
        run(part)
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    for part in (HELD, JUDGE, WINDOW_RIGHTS):
        run(part)
    run("reset role; revoke create on schema linkage from linkage_window")
