"""The roles of grants, of the programme and of quality."""

from services.kit.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = """
alter table client drop constraint client_roles_check;
alter table client add constraint client_roles_check check (roles <@ array[
    'registrar', 'caseworker', 'protection-officer', 'placement-officer',
    'grants-officer', 'reviewer', 'auditor', 'operator', 'analyst', 'applicant',
    'assessor', 'finance-officer', 'programme-officer']);
"""


def upgrade() -> None:
    run(ROLES)
