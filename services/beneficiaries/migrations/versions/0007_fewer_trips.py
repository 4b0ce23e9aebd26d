"""Recording in fewer round trips: locks are taken by the statement that needs them.

Within one of these functions each query sees what had been committed when it began, so
whoever waited for a lock reads what the one before has written.
"""

from services.kit.ddl import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What is known under a source, asked once everybody who records somebody alike is done.
KNOWN = """
create function known(keys bigint[], owner text, sources bytea[])
returns table (id uuid, source_digest bytea, version integer, digests bytea[])
language plpgsql set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(key) from unnest(keys) as locked (key);
    return query
    select r.id, r.source_digest, r.version, array_agg(v.digest)
    from registration r join registration_version v on v.registration = r.id
    where r.agency = owner and r.source_digest = any(sources) group by r.id;
end
$$;
"""
# Traits, a person of one's own and match keys; and whom these keys lead to.
ENTER = """
create function enter(
    registrations uuid[], owner text, folded smallint, sealed bytea[],
    keys bigint[], holders uuid[], most integer
) returns table (
    registration uuid, candidate uuid, agency text, traits bytea, shared bigint
)
language plpgsql set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
    insert into trait (registration, agency, scheme, traits)
    select n.registration, owner, folded, n.traits
    from unnest(registrations, sealed) as n (registration, traits);
    insert into membership (registration, agency, component, person, own)
    select n.id, owner, n.id, n.id, n.id from unnest(registrations) as n (id);
    insert into match_key (key, registration, agency)
    select k.key, k.registration, owner
    from unnest(keys, holders) as k (key, registration);
    return query select * from linkage.candidates(registrations, most);
end
$$;
"""
# Everyone connected with these, held until the end; whoever joined meanwhile as well.
HELD = """
create function linkage.held(registrations uuid[])
returns table (
    registration uuid, agency text, since timestamptz,
    component uuid, person uuid, own uuid, contested boolean, moves bigint
)
language plpgsql security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
declare
    held uuid[] := '{}';
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
    return query select * from linkage.clusters(registrations);
end
$$;
"""
RIGHTS = """
revoke all on function known(bigint[], text, bytea[]),
    enter(uuid[], text, smallint, bytea[], bigint[], uuid[], integer) from public;
grant execute on function known(bigint[], text, bytea[]),
    enter(uuid[], text, smallint, bytea[], bigint[], uuid[], integer) to beneficiaries;
"""
WINDOW_RIGHTS = """
revoke all on function linkage.held(uuid[]) from public;
grant execute on function linkage.held(uuid[]) to beneficiaries;
"""


def upgrade() -> None:
    for part in (KNOWN, ENTER, RIGHTS):
        run(part)
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    run(HELD)
    run(WINDOW_RIGHTS)
    run("reset role; revoke create on schema linkage from linkage_window")
