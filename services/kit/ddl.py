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


def audit_grants_1(role: str) -> str:
    """Let a process add to its audit and read it, and change nothing."""
    return f"""
    grant select, insert on audit_entry, audit_link, audit_checkpoint to {role};
    """


def run(script: str) -> None:
    """Run several statements in a migration: asyncpg prepares only one at a time."""
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda postgres: postgres.execute(script))  # type: ignore[union-attr]
