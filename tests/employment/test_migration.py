"""What was recorded before vacancies were told in full is kept, and means the same."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy import migrate as migrating
from tests.databases import Fresh, Templates, ask, execute

OF_BEFORE = """
insert into employer (id, agency, name, recorded_by)
values (uuidv7(), 'who', 'Trepça', 'o');
insert into vacancy (id, agency, employer, title, hours, places, state, recorded_by)
select uuidv7(), 'who', id, state, 'full_time', 1, state, 'o'
from employer, unnest(array['published', 'closed']) state;
insert into placement (id, agency, vacancy, registration, person, contested, full_time,
                       starts_on, overlap_check_consented, status, recorded_by)
select uuidv7(), 'who', v.id, uuidv7(), uuidv7(), false, true, day, true, status, 'o'
from vacancy v, (values ('2026-01-01'::date, 'active'), ('2099-01-01', 'active'),
                        ('2026-01-01', 'withdrawn')) as of (day, status)
where v.state = 'closed';
"""
STANDS = """
select string_agg(status || ' ' || takes_place, ', ' order by status) from placement
"""


@pytest.fixture
async def before(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Fresh]:
    """A database of employment as its first migration left it."""
    name = f"employment_{secrets.token_hex(4)}"
    await ask(templates.superuser, f"create database {name} owner employment_owner")
    first = migrating.MIGRATIONS["employment"] / "versions/0001_placements.py"
    (tmp_path / "versions").mkdir()
    shutil.copy(first, tmp_path / "versions")
    fresh = templates.fresh("employment", name)
    with monkeypatch.context() as only:
        only.setitem(migrating.MIGRATIONS, "employment", tmp_path)
        await migrating.migrate("employment", fresh.owner)
    yield fresh
    await templates.drop(name)


async def test_vacancies_and_placements_of_before_stand_as_they_stood(
    before: Fresh,
) -> None:
    await execute(before.superuser, OF_BEFORE)
    await migrating.migrate("employment", before.owner)
    assert await ask(before.superuser, STANDS) == (
        "accepted true, started true, withdrawn false"
    )
    filled = "select state from vacancy where title = 'closed'"
    assert await ask(before.superuser, filled) == "filled"
    hidden = "select count(*) from placement"
    for role in (before.owner, before.url):
        assert await ask(role, hidden) == 0
