"""Tenants, clients, what they may claim, what agencies agreed on, and the audit."""

from services.kit.ddl import AUDIT_1, audit_grants_1, run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANTS = """
create table tenant (
    id text primary key check (id ~ '^[a-z0-9-]{1,40}$'),
    kind text not null check (kind in ('agency', 'organisation', 'desk')),
    name text not null
);
-- A secret is 256 random bits: nobody guesses it from its digest, so no slow hash.
create table client (
    id text primary key check (id ~ '^[a-z0-9-]{1,60}$'),
    tenant text not null references tenant (id),
    secret_digest bytea not null check (length(secret_digest) = 32),
    roles text[] not null check (roles <@ array[
        'registrar', 'caseworker', 'protection-officer', 'placement-officer',
        'grants-officer', 'reviewer', 'auditor', 'operator']),
    organisation text,
    disabled_at timestamptz
);
create table purpose_grant (
    client text not null references client (id),
    purpose text not null check (purpose in (
        'protection', 'assistance', 'employment', 'grants', 'statistics', 'linkage')),
    until timestamptz not null,
    primary key (client, purpose)
);
create table agreement (
    id uuid primary key default gen_random_uuid(),
    owner text not null references tenant (id),
    other text not null references tenant (id),
    purpose text not null check (purpose in (
        'protection', 'assistance', 'employment', 'grants', 'statistics', 'linkage')),
    level text not null check (level in ('exists', 'who', 'fields')),
    valid_from timestamptz not null,
    valid_until timestamptz not null,
    ended_at timestamptz,
    check (owner <> other),
    check (valid_from < valid_until)
);
create index agreement_owner_idx on agreement (owner);
create index agreement_other_idx on agreement (other);
"""
REVOCATIONS = """
create table revoked_token (
    jti text primary key,
    until timestamptz not null
);
create table epoch (
    single boolean primary key default true check (single),
    number bigint not null
);
insert into epoch (number) values (1);
create function next_epoch() returns trigger language plpgsql as $$
begin
    update epoch set number = number + 1;
    return null;
end $$;
create trigger client_changed after insert or update or delete on client
    for each statement execute function next_epoch();
create trigger token_revoked after insert or update or delete on revoked_token
    for each statement execute function next_epoch();
"""
GRANTS = """
grant usage on schema public to gateway;
grant select on tenant, client, purpose_grant, agreement, revoked_token, epoch,
    alembic_version to gateway;
"""


def upgrade() -> None:
    for statements in (
        TENANTS,
        REVOCATIONS,
        AUDIT_1,
        GRANTS,
        audit_grants_1("gateway"),
    ):
        run(statements)
