"""The key database: wrapped keys, and nothing that they open."""

from services.kit.ddl import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table agency_key (
    agency text primary key,
    wrapped bytea not null,
    created_at timestamptz not null default now()
);
create table registration_key (
    registration uuid primary key,
    agency text not null references agency_key (agency),
    wrapped bytea not null,
    created_at timestamptz not null default now()
);
"""

# Deleting a data key is erasure: the one change that the process may make.
GRANTS = """
grant usage on schema public to keys;
grant select on alembic_version to keys;
grant select, insert on agency_key to keys;
grant select, insert, delete on registration_key to keys;
"""


def upgrade() -> None:
    run(TABLES)
    run(GRANTS)
