"""The outbox, and how employment follows the person."""

from services.kit.ddl import (
    FOLLOWING_1,
    OUTBOX_1,
    following_grants_1,
    outbox_grants_1,
    run,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# `moves` says how often the registration had got another person when this one was
# heard; `overlapping` that a merge made a placement overlap one that stands, so that it
# holds no days until somebody has looked at it.
PERSONS = """
alter table placement
    add column moves bigint not null default 0,
    add column overlapping boolean not null default false,
    drop constraint one_full_time_placement_at_a_time,
    add constraint one_full_time_placement_at_a_time
        exclude using gist (uuidrange(person, person, '[]') with &&, during with &&)
        where (full_time and not contested and not overlapping
               and status in ('accepted', 'started', 'ended'));
alter table seeker add column moves bigint not null default 0;
alter table participant add column moves bigint not null default 0;
grant update (registration, person, contested, moves, overlapping) on placement
    to employment;
grant update (person, moves) on seeker to employment;
grant update (registration, person, moves) on participant to employment;
"""

# Where a registration stands that has moved since employment may have asked for it. A
# placement that was asked for before the move and is written after it finds it here.
STANDING = """
create table standing (
    registration uuid primary key,
    agency text not null,
    person uuid,
    contested boolean not null,
    moves bigint not null,
    erased boolean not null default false,
    check (erased = (person is null))
);
create table overlap (
    id uuid primary key,
    agency text not null,
    placement uuid not null,
    opened_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    outcome text check (outcome in ('resolved', 'tolerated', 'parted')),
    closed_by text,
    foreign key (agency, placement) references placement (agency, id),
    check (num_nulls(closed_at, outcome) in (0, 2))
);
create policy waiting_for_a_person on placement for select to employment
    using (overlapping and person
           = (select nullif(current_setting('app.person', true), '')::uuid));
create unique index overlap_open_key on overlap (placement) where closed_at is null;
create index overlap_agency_idx on overlap (agency, id);
grant select, insert, update on standing to employment;
grant select, insert, update (closed_at, outcome, closed_by) on overlap to employment;
"""
MINE = "(select nullif(current_setting('app.agency', true), ''))"


def row_security() -> str:
    return "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to employment
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in ("standing", "overlap")
    )


def upgrade() -> None:
    for part in (PERSONS, STANDING, row_security(), OUTBOX_1, FOLLOWING_1):
        run(part)
    run(outbox_grants_1("employment"))
    run(following_grants_1("employment"))
