"""Webhooks: where a client's feeds are posted to, and how far each has got."""

from services.kit.ddl import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What is posted is read anew each time: no event is kept here, only the last one's id.
WEBHOOKS = """
create table webhook (
    id uuid primary key,
    agency text not null references tenant (id),
    client text not null references client (id),
    organisation text,
    feed text not null check (feed in ('beneficiaries', 'grants', 'employment')),
    endpoint bytea not null,
    secret bytea not null,
    former_secret bytea,
    former_until timestamptz,
    state text not null check (state in ('pending', 'active', 'deactivated')),
    reason text,
    revision integer not null default 1,
    last_event uuid,
    delivered bigint not null default 0,
    failing_since timestamptz,
    succeeded_at timestamptz,
    failed_at timestamptz,
    failure text,
    next_try_at timestamptz,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    check ((state = 'deactivated') = (reason is not null)),
    check ((former_secret is null) = (former_until is null))
);
create index webhook_agency_idx on webhook (agency, id);
create index webhook_client_idx on webhook (client);
alter table webhook enable row level security;
alter table webhook force row level security;
create policy kept on webhook to gateway
    using (agency = (select nullif(current_setting('app.agency', true), '')))
    with check (agency = (select nullif(current_setting('app.agency', true), '')));
create policy served on webhook to courier using (true) with check (true);
"""
# The gateway says what is wanted, the courier how it went; neither moves the other's.
GRANTS = """
grant select, insert on webhook to gateway;
grant update (secret, former_secret, former_until, state, reason, revision,
    failing_since, next_try_at, changed_at) on webhook to gateway;
grant usage on schema public to courier;
grant select on webhook, alembic_version to courier;
grant update (state, reason, last_event, delivered, failing_since, succeeded_at,
    failed_at, failure, next_try_at, changed_at), delete on webhook to courier;
grant insert on audit_entry to courier;
"""


def upgrade() -> None:
    run(WEBHOOKS)
    run(GRANTS)
