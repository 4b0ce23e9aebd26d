"""What the services hear of results, told also of what happened before they did."""

from services.kit.ddl import OUTBOX_2, run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A training is held while attendance is recorded. Nothing of it changes: it is held by
# who may write its title.
HELD = "grant update (title) on training to employment;"
# Row security would hide the rows from who migrates.
READ = """
    placement participant attendance enterprise_activity business_link employer
""".split()
TOLD = """
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'placement.recorded', id, jsonb_build_object(
    'status', status,
    'term', case when ends_on < (starts_on + interval '6 months')::date - 1
            then 'short' else 'long' end)
from placement where status in ('started', 'ended');
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'training.held', p.training, jsonb_build_object(
    'teachers', count(*) filter (where p.kind = 'teacher'),
    'officials', count(*) filter (where p.kind = 'official'),
    'others', count(*) filter (where p.kind not in ('teacher', 'official')))
from participant p
where exists (select from attendance a where a.participant = p.id)
group by p.training;
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'activity.stepped', id, jsonb_build_object('state', state)
from enterprise_activity where state in ('running', 'completed');
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'link.recorded', l.id, jsonb_build_object(
    'ends', jsonb_agg(coalesce(e.organisation, e.id)))
from business_link l join employer e on e.id in (l.one, l.other)
group by l.id;
"""


def upgrade() -> None:
    run(OUTBOX_2)
    run(HELD)
    for table in READ:
        run(f"alter table {table} disable row level security")
    run(TOLD)
    for table in READ:
        run(f"alter table {table} enable row level security")
