"""What was recorded before vacancies were told in full is kept, and means the same."""

import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
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
INTRODUCED = """
insert into employer (id, agency, name, recorded_by)
values (uuidv7(), 'who', 'Trepça', 'o');
insert into vacancy (id, agency, employer, title, hours, places, state, recorded_by)
select uuidv7(), 'who', id, 'x', 'full_time', 1, 'published', 'o' from employer;
insert into placement (id, agency, vacancy, registration, person, contested, full_time,
                       starts_on, overlap_check_consented, status, recorded_by)
select uuidv7(), 'who', id, uuidv7(), uuidv7(), false, true, '2026-01-01', true,
       'accepted', 'o' from vacancy;
insert into introduction (id, agency, placement, introduced_by)
select uuidv7(), 'who', id, 'o' from placement;
"""
STANDS = """
select string_agg(status || ' ' || takes_place, ', ' order by status) from placement
"""


Before = Callable[[str], Awaitable[Fresh]]


@pytest.fixture
async def before(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Before]:
    """Make a database of employment as the migrations before one left it."""
    name = f"employment_{secrets.token_hex(4)}"
    await ask(templates.superuser, f"create database {name} owner employment_owner")
    fresh = templates.fresh("employment", name)

    async def made(one: str) -> Fresh:
        there = migrating.MIGRATIONS["employment"]
        shutil.copytree(there / "sql", tmp_path / "sql")
        (tmp_path / "versions").mkdir()
        for file in there.glob("versions/*.py"):
            if file.name < one:
                shutil.copy(file, tmp_path / "versions")
        with monkeypatch.context() as only:
            only.setitem(migrating.MIGRATIONS, "employment", tmp_path)
            await migrating.migrate("employment", fresh.owner)
        return fresh

    yield made
    await templates.drop(name)


async def test_vacancies_and_placements_of_before_stand_as_they_stood(
    before: Before,
) -> None:
    there = await before("0002")
    await execute(there.superuser, OF_BEFORE)
    await migrating.migrate("employment", there.owner)
    assert await ask(there.superuser, STANDS) == (
        "accepted true, started true, withdrawn false"
    )
    told = "select array_agg(type || ' ' || (data->>'term')) from outbox"
    assert await ask(there.superuser, told) == ["placement.recorded long"]
    filled = "select state from vacancy where title = 'closed'"
    assert await ask(there.superuser, filled) == "filled"
    hidden = "select count(*) from placement"
    for role in (there.owner, there.url):
        assert await ask(role, hidden) == 0


async def test_an_introduction_of_before_is_over_and_opens_nothing(
    before: Before,
) -> None:
    there = await before("0005")
    await execute(there.superuser, INTRODUCED)
    await migrating.migrate("employment", there.owner)
    over = "select until = introduced_at and sealed = '' from introduction"
    assert await ask(there.superuser, over)
    whose = "select organisation = (select id from employer) from introduction"
    assert await ask(there.superuser, whose)
    hidden = "select count(*) from introduction"
    assert await ask(there.owner, hidden) == 0
