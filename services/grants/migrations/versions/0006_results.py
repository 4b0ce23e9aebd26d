"""What the services hear of results: awards, and plans that were adopted."""

from services.kit.ddl import OUTBOX_2, run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Whoever may read an award hears of it under the application; services hear that it is.
TELLING = """
create or replace function tell_award() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
    insert into outbox (id, type, subject, audience, data)
    select gen_random_uuid(), 'award.' || new.status, new.id, reader,
           jsonb_build_object('application', new.application)
    from application a, unnest(a.readers) as reader where a.id = new.application;
    insert into outbox (id, type, subject, data)
    values (gen_random_uuid(), 'award.' || new.status, new.id, '{}');
    return null;
end
$$;
create function tell_plan() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
    insert into outbox (id, type, subject, data)
    values (gen_random_uuid(), 'plan.adopted', new.id,
            jsonb_build_object('kind', new.kind));
    return null;
end
$$;
create trigger plan_told after insert or update of status on plan
for each row when (new.status = 'adopted') execute function tell_plan();
"""
# Told also of what happened before. Row security would hide it from who migrates.
TOLD = """
alter table award disable row level security;
alter table plan disable row level security;
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'award.' || status, id, '{}' from award;
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'plan.adopted', id, jsonb_build_object('kind', kind)
from plan where status = 'adopted';
alter table award enable row level security;
alter table plan enable row level security;
"""


def upgrade() -> None:
    run(OUTBOX_2)
    run(TELLING)
    run(TOLD)
