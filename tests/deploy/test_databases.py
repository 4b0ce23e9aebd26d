"""The databases: each behind its own two roles, closed to all the others."""

import itertools
import secrets

import asyncpg
import pytest

from deploy.databases import DATABASES, GUESTS, ROLES, WINDOWS, provision
from tests.databases import PASSWORDS, Freshly, Templates, addressed, ask, execute

OWNED = """
    select count(*) from pg_shdepend
    where refclassid = 'pg_authid'::regclass and deptype = 'o'
    and refobjid = (select oid from pg_roles where rolname = $1)
"""
BELOW = """
    select count(*) from pg_roles where rolname = any($1) and not
    (rolsuper or rolcreatedb or rolcreaterole or rolbypassrls or rolreplication)
"""
LOGIN = "select count(*) from pg_roles where rolname = any($1) and rolcanlogin"


@pytest.mark.parametrize(
    ("role", "database"),
    [pair for pair in itertools.product(DATABASES, repeat=2) if pair[0] != pair[1]],
)
async def test_a_role_cannot_connect_to_the_database_of_another(
    fresh: Freshly, role: str, database: str
) -> None:
    other = await fresh(database)
    for stranger in (role, f"{role}_owner"):
        url = addressed(other.superuser, other.name, stranger)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(url)


@pytest.mark.parametrize(("guest", "host"), GUESTS.items())
async def test_a_guest_connects_to_its_host_alone_and_owns_nothing_there(
    fresh: Freshly, guest: str, host: str
) -> None:
    for database in DATABASES:
        visited = await fresh(database)
        url = addressed(visited.superuser, visited.name, guest)
        if database == host:
            assert await ask(url, "select count(*) from webhook") == 0
            assert await ask(visited.superuser, OWNED, guest) == 0
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(url)


@pytest.mark.parametrize("database", DATABASES)
async def test_a_process_owns_nothing_and_creates_nothing(
    fresh: Freshly, database: str
) -> None:
    own = await fresh(database)
    assert await ask(own.superuser, OWNED, database) == 0
    assert await ask(own.superuser, OWNED, f"{database}_owner") != 0
    for creation in (
        "create table public.mine ()",
        "create schema mine",
        "create temporary table mine ()",
        "create role mine",
        "create database mine",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(own.url, creation)


async def test_no_role_stands_above_the_rules(templates: Templates) -> None:
    roles = [*ROLES, *WINDOWS]
    assert await ask(templates.superuser, BELOW, roles) == len(roles)
    assert await ask(templates.superuser, LOGIN, [*WINDOWS]) == 0
    assert await ask(templates.superuser, LOGIN, ROLES) == len(ROLES)


@pytest.mark.parametrize("window", WINDOWS)
async def test_only_its_own_service_s_owner_hands_a_function_to_a_window(
    fresh: Freshly, window: str
) -> None:
    handing = f"""
        create schema seen;
        grant create on schema seen to {window};
        create function seen.it() returns int language sql security definer return 1;
        alter function seen.it() owner to {window};
    """
    its_own = WINDOWS[window].removesuffix("_owner")
    await execute((await fresh(its_own)).owner, handing)
    for database in set(DATABASES) - {its_own}:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute((await fresh(database)).owner, handing)


@pytest.mark.parametrize("window", WINDOWS)
async def test_an_owner_does_not_act_with_its_windows_rights(
    fresh: Freshly, window: str
) -> None:
    database = await fresh(WINDOWS[window].removesuffix("_owner"))
    await execute(
        database.superuser,
        f"create table hidden (); grant select on hidden to {window}",
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.owner, "select from hidden")


async def test_provisioning_again_keeps_the_data_and_repairs_the_roles(
    server: str, templates: Templates
) -> None:
    suffix = f"_{secrets.token_hex(4)}"
    await provision(server, PASSWORDS, suffix=suffix)
    keys = templates.fresh("keys", f"keys{suffix}")
    try:
        await execute(keys.owner, "create table kept as select 7 as value")
        await execute(server, "alter role keys createdb")
        await execute(server, f"grant all on database keys{suffix} to public")
        await provision(server, PASSWORDS, suffix=suffix)
        assert await ask(keys.owner, "select value from kept") == 7
        assert await ask(server, BELOW, ["keys"]) == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(addressed(server, keys.name, "grants"))
    finally:
        for database in DATABASES:
            await templates.drop(database + suffix)


async def test_a_name_that_is_more_than_a_suffix_is_refused(server: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        await provision(server, PASSWORDS, suffix='"; drop role keys')


async def test_a_fresh_copy_is_not_seen_by_the_next(fresh: Freshly) -> None:
    one, other = await fresh("grants"), await fresh("grants")
    await execute(one.owner, "create table mine ()")
    assert await ask(one.owner, "select to_regclass('mine')::text") == "mine"
    assert await ask(other.owner, "select to_regclass('mine')::text") is None
