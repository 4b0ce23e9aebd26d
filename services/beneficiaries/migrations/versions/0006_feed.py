"""The outbox, how often a registration has moved, and erasure."""

from services.kit.ddl import OUTBOX_1, outbox_grants_1, run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A registration's moves are counted: of two answers about it, the later one counts.
MOVES = """
alter table membership add column moves bigint not null default 0;
create function count_move() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
    new.moves := old.moves + 1;
    return new;
end
$$;
create trigger membership_moves before update on membership for each row
when ((old.person, old.contested) is distinct from (new.person, new.contested))
execute function count_move();
"""
CLUSTERS = """
drop function linkage.clusters(uuid[]);
create function linkage.clusters(registrations uuid[])
returns table (
    registration uuid, agency text, since timestamptz,
    component uuid, person uuid, own uuid, contested boolean, moves bigint
)
language sql stable security definer set search_path = pg_catalog, public as $$
    select m.registration, m.agency, m.since, m.component, m.person, m.own, m.contested,
           m.moves
    from public.membership m
    where m.component in (
        select c.component from public.membership c
        where c.registration = any(registrations)
    )
$$;
revoke all on function linkage.clusters(uuid[]) from public;
grant execute on function linkage.clusters(uuid[]) to beneficiaries;
"""
ERASURE = """
alter table registration
    add column erased_at timestamptz,
    add check (erased_at is null or withdrawn_at is not null);
grant update (digest, personal, recorded_by) on registration_version to beneficiaries;
"""


def upgrade() -> None:
    for part in (MOVES, ERASURE, OUTBOX_1, outbox_grants_1("beneficiaries")):
        run(part)
    # The window's functions are its own: it alone can replace them.
    run("grant create on schema linkage to linkage_window; set role linkage_window")
    run(CLUSTERS)
    run("reset role; revoke create on schema linkage from linkage_window")
