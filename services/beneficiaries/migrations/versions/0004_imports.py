"""Imports as resources, and the queue that works them."""

from pathlib import Path

from services.kit.ddl import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A file is here only sealed, in pieces, with the data key that lies in the key database
# under the import's id. Reading it makes batches of good rows and of refused ones,
# sealed with the same key; a batch is deleted by the transaction that records its rows.
# `alike` holds keyed hashes: rows that share one are duplicates of each other.
TABLES = """
create table import (
    id uuid primary key,
    agency text not null,
    caller jsonb not null,
    request uuid not null,
    kind text not null,
    charset text,
    mapping jsonb not null,
    digest bytea,
    size bigint not null default 0,
    state text not null check (state in ('arriving', 'received', 'checked', 'linked',
        'held', 'accepted', 'refused', 'cancelled')),
    reason text,
    headers bytea,
    rows integer not null default 0,
    refused integer not null default 0,
    unreadable integer not null default 0,
    duplicates integer not null default 0,
    recorded integer not null default 0,
    unchanged integer not null default 0,
    arrived_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    fetched_at timestamptz,
    destroyed_at timestamptz
);
create index import_agency_idx on import (agency, id);
create unique index import_once_key on import (agency, digest)
    where digest is not null and state not in ('refused', 'cancelled');
create table import_piece (
    import uuid not null references import (id),
    number integer not null,
    agency text not null,
    sealed bytea not null,
    primary key (import, number)
);
create table import_batch (
    import uuid not null references import (id),
    number integer not null,
    agency text not null,
    contents bytea not null,
    cells bytea not null,
    rows integer[] not null,
    alike bigint[] not null,
    own boolean[] not null,
    primary key (import, number)
);
create table import_refusal (
    id uuid primary key,
    import uuid not null references import (id),
    agency text not null,
    sealed bytea not null
);
create index import_refusal_import_idx on import_refusal (import, id);
create table import_mapping (
    id uuid primary key,
    agency text not null,
    name text not null,
    columns jsonb not null,
    saved_at timestamptz not null default now(),
    saved_by text not null,
    unique (agency, name)
);
alter table import_piece alter sealed set storage external;
alter table import_batch alter contents set storage external,
    alter cells set storage external;
alter table import_refusal alter sealed set storage external;
"""

OWNED = ("import", "import_piece", "import_batch", "import_refusal", "import_mapping")
MINE = "(select nullif(current_setting('app.agency', true), ''))"

# A job of the queue names an agency and an import of it, and nothing else.
QUEUE = Path(__file__).with_name("0004_queue.sql")

GRANTS = """
grant select, insert, update on import to beneficiaries;
grant select, insert, delete on import_piece, import_batch, import_refusal
    to beneficiaries;
grant update on import_batch to beneficiaries;
grant select, insert, update, delete on import_mapping to beneficiaries;
grant usage on schema queue to beneficiaries;
grant select, insert, update, delete on queue.pgqueuer to beneficiaries;
grant select, insert on queue.pgqueuer_log to beneficiaries;
grant select on queue.pgqueuer_statistics to beneficiaries;
grant usage on all sequences in schema queue to beneficiaries;
"""


def row_security() -> str:
    return "".join(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_rows on {table} to beneficiaries
            using (agency = {MINE}) with check (agency = {MINE});
        """
        for table in OWNED
    )


def upgrade() -> None:
    for part in (TABLES, row_security(), QUEUE.read_text(), GRANTS):
        run(part)
