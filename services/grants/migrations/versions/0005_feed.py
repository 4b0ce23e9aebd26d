"""The outbox, and what is told in it: every state of an application and of an award."""

from services.kit.ddl import OUTBOX_1, outbox_grants_1, run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Whatever brings a row into another state, one at a time or a whole call at once, tells
# everybody who may read it by then, and nobody else.
TELLING = """
create function tell_application() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
    insert into outbox (id, type, subject, audience, data)
    select gen_random_uuid(), 'application.' || new.status, new.id, reader,
           jsonb_build_object('call', new.call)
    from unnest(new.readers) as reader;
    return null;
end
$$;
create trigger application_told after insert or update of status on application
for each row execute function tell_application();
create function tell_award() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
    insert into outbox (id, type, subject, audience, data)
    select gen_random_uuid(), 'award.' || new.status, new.id, reader,
           jsonb_build_object('application', new.application)
    from application a, unnest(a.readers) as reader where a.id = new.application;
    return null;
end
$$;
create trigger award_told after insert or update of status on award
for each row execute function tell_award();
"""


def upgrade() -> None:
    run(OUTBOX_1)
    run(outbox_grants_1("grants"))
    run(TELLING)
