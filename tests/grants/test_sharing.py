"""What agencies had recorded apart becomes one record when organisations are shared."""

import secrets
from collections.abc import AsyncIterator

import pytest

from deploy import migrate as migrating
from deploy.migrate import migrate
from services.grants.organisations.names import words
from tests.databases import Fresh, Templates, ask, execute

APART = """
insert into organisation (id, agency, name, kind, registration_number, recorded_by)
values (gen_random_uuid(), 'unicef', 'Gratë për Paqe', 'cso', '5110023-8', 'officer'),
       (gen_random_uuid(), 'who', 'Zene za mir', 'cso', '51 100 23-8', 'officer'),
       (gen_random_uuid(), 'who', 'Komuna', 'municipality', null, 'officer')
"""


@pytest.fixture
async def old(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Fresh]:
    """A database as the first release left it, with what two agencies recorded."""
    name = f"grants_{secrets.token_hex(4)}"
    await ask(templates.superuser, f"create database {name} owner grants_owner")
    fresh = templates.fresh("grants", name)
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "head", lambda _: "0001")
        await migrate("grants", fresh.owner)
    await execute(fresh.superuser, APART)
    yield fresh
    await templates.drop(name)


async def test_two_records_of_one_number_become_one_that_lasts(old: Fresh) -> None:
    await migrate("grants", old.owner)
    lasting = "select count(*) from organisation where same_as is null"
    assert await ask(old.superuser, lasting) == 2
    assert await ask(old.superuser, "select count(*) from organisation") == 3
    found = """
    select registered_in from organisation_key
    join organisation o on o.id = organisation where key = $1
    """
    assert await ask(old.superuser, found, " ".join(words("grate per paqe"))) == (
        "kosovo_ngos"
    )
