"""Tables that every database of ours has; migrations name the version they create."""

from alembic import op

AUDIT_1 = """
create table audit_entry (
    id bigint generated always as identity primary key,
    txid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp(),
    request uuid not null,
    client text, subject text, agency text, organisation text,
    roles text, purpose text, actor text,
    act text not null,
    target uuid,
    details jsonb not null
);
create index audit_entry_txid_id_idx on audit_entry (txid, id);
create table audit_link (
    position bigint primary key,
    entry bigint not null unique references audit_entry (id),
    hash bytea not null check (length(hash) = 32)
);
create table audit_checkpoint (
    position bigint primary key references audit_link (position),
    at timestamptz not null default clock_timestamp(),
    hash bytea not null,
    signed text not null
);
"""


# Each audience has a feed of its own, which counts from one: a position tells nobody
# how much others hear. Services read the rows that are for no agency.
OUTBOX_1 = """
create table outbox (
    id uuid primary key,
    txid xid8 not null default pg_current_xact_id(),
    written bigint generated always as identity,
    position bigint check (position > 0),
    type text not null,
    subject uuid not null,
    audience text,
    data jsonb not null,
    occurred_at timestamptz not null default clock_timestamp()
);
create unique index outbox_feed_idx on outbox (coalesce(audience, ''), position)
    where position is not null;
create index outbox_fresh_idx on outbox (coalesce(audience, ''), txid, written)
    where position is null;
alter table outbox enable row level security;
alter table outbox force row level security;
create policy kept_short on outbox to current_user using (true);
create function forget_told(days integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    delete from public.outbox old
    where old.occurred_at < now() - make_interval(days => days)
      and (old.position is null or exists (
        select from public.outbox later
        where coalesce(later.audience, '') = coalesce(old.audience, '')
          and later.position > old.position
      ))
$$;
revoke all on function forget_told(integer) from public;
"""
# Under row security an index serves only comparisons that cannot leak what they see: of
# a column, not of an expression over it.
OUTBOX_2 = """
drop index outbox_feed_idx;
drop index outbox_fresh_idx;
create unique index outbox_feed_idx on outbox (audience, position) nulls not distinct
    where position is not null;
create index outbox_fresh_idx on outbox (audience, txid, written)
    where position is null;
create or replace function forget_told(days integer) returns void
language sql security definer set search_path = pg_catalog, public as $$
    delete from public.outbox old
    where old.occurred_at < now() - make_interval(days => days)
      and (old.position is null or exists (
        select from public.outbox later
        where later.audience = old.audience and later.position > old.position
      ) or (old.audience is null and exists (
        select from public.outbox later
        where later.audience is null and later.position > old.position
      )))
$$;
"""
FOLLOWING_1 = """
create table following (
    feed text primary key,
    cursor uuid,
    applied bigint not null default 0,
    occurred_at timestamptz,
    applied_at timestamptz not null default clock_timestamp()
);
"""


def outbox_grants_1(role: str) -> str:
    """Let a process tell anybody, and an audience hear what is for it alone."""
    mine = "nullif(current_setting('app.agency', true), '')"
    return f"""
    create policy told on outbox for insert to {role} with check (true);
    create policy heard on outbox for select to {role}
        using (audience is not distinct from (select {mine}));
    create policy numbered on outbox for update to {role}
        using (audience is not distinct from (select {mine}));
    grant select, insert, update (position) on outbox to {role};
    grant execute on function forget_told(integer) to {role};
    """  # noqa: S608 -- made of names, of which no caller says any


def following_grants_1(role: str) -> str:
    return f"grant select, insert, update on following to {role};"


def audit_grants_1(role: str) -> str:
    """Let a process add to its audit and read it, and change nothing."""
    return f"""
    grant select, insert on audit_entry, audit_link, audit_checkpoint to {role};
    """


def run(script: str) -> None:
    """Run several statements in a migration: asyncpg prepares only one at a time."""
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda postgres: postgres.execute(script))  # type: ignore[union-attr]
