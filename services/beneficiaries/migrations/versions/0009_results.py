"""What the services hear of registrations, told also of those from before they did."""

from services.kit.ddl import OUTBOX_2, run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Of whoever has moved since, later events were told: `moves` says which counts. Row
# security would hide the rows from who migrates.
TOLD = """
alter table registration disable row level security;
alter table membership disable row level security;
insert into outbox (id, type, subject, data)
select gen_random_uuid(), 'registration.recorded', m.registration,
       jsonb_build_object('agency', m.agency, 'person', m.person, 'moves', m.moves)
from membership m join registration r on r.id = m.registration
where r.withdrawn_at is null;
alter table registration enable row level security;
alter table membership enable row level security;
"""


def upgrade() -> None:
    run(OUTBOX_2)
    run(TOLD)
