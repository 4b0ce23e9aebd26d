"""Keys: one for each registration, made before it is used, and destroyed for good."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.beneficiaries.protection.keyring import RESERVE, Keyring
from services.kit.sealing import CannotOpen, Personal, Place
from tests.beneficiaries.conftest import MASTER, Agency
from tests.databases import Fresh, Freshly, ask, execute

SECRET = b64decode(MASTER)
HERE = Place("trait", "traits", uuid4())


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("keys")


@pytest.fixture
async def pool(database: Fresh) -> AsyncIterator[asyncpg.Pool]:
    async with await asyncpg.create_pool(database.url, min_size=1) as pool:
        yield pool


async def test_a_reserved_key_is_the_one_that_is_fetched(pool: asyncpg.Pool) -> None:
    [(id_, key)] = await Keyring(pool, SECRET).reserve("unicef", 1)
    sealed = Personal(key.seal(b"traits", HERE))
    fetched = await Keyring(pool, SECRET).fetch([id_])  # as another process
    assert fetched[id_].open(sealed, HERE) == b"traits"


async def test_no_key_is_given_to_two_registrations(pool: asyncpg.Pool) -> None:
    keyring = Keyring(pool, SECRET)
    counts = [1, 7, RESERVE + 5, 3, RESERVE, 1]
    taken = await asyncio.gather(*(keyring.reserve("unicef", n) for n in counts))
    assert [len(some) for some in taken] == counts
    ids = [id_ for some in taken for id_, _ in some]
    assert len(set(ids)) == sum(counts)
    assert set(await keyring.fetch(ids)) == set(ids)


async def test_an_agency_has_one_key_however_many_processes_ask_first(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    processes = [Keyring(pool, SECRET) for _ in range(8)]
    taken = await asyncio.gather(*(one.reserve("unicef", 2) for one in processes))
    assert await ask(database.url, "select count(*) from agency_key") == 1
    ids = [id_ for some in taken for id_, _ in some]
    for one in processes:  # each opens what any other has made
        assert set(await one.fetch(ids)) == set(ids)


async def test_a_stolen_key_database_opens_nothing_without_the_master_key(
    pool: asyncpg.Pool,
) -> None:
    [(id_, _)] = await Keyring(pool, SECRET).reserve("unicef", 1)
    with pytest.raises(CannotOpen):
        await Keyring(pool, bytes(32)).fetch([id_])


@pytest.mark.parametrize(
    "exchange",
    [
        """update registration_key a set wrapped = b.wrapped from registration_key b
        where a.registration = '{}' and b.registration = '{}'""",
        "update registration_key set agency = 'who' where registration in ('{}', '{}')",
        """update agency_key a set wrapped = b.wrapped from agency_key b
        where a.agency <> b.agency -- {} {}""",
    ],
    ids=["of another registration", "of another agency", "agencies exchanged"],
)
async def test_a_key_moved_elsewhere_does_not_open(
    pool: asyncpg.Pool, database: Fresh, exchange: str
) -> None:
    keyring = Keyring(pool, SECRET)
    [(one, _), (other, _)] = await keyring.reserve("unicef", 2)
    await keyring.reserve("who", 1)
    await execute(database.superuser, exchange.format(one, other))
    with pytest.raises(CannotOpen):
        await Keyring(pool, SECRET).fetch([one])


async def test_a_destroyed_key_is_gone(pool: asyncpg.Pool) -> None:
    keyring = Keyring(pool, SECRET)
    [(kept, _), (erased, _)] = await keyring.reserve("unicef", 2)
    await pool.execute("delete from registration_key where registration = $1", erased)
    assert set(await keyring.fetch([kept, erased, uuid4()])) == {kept}


RIGHTS = """
select table_name || ' ' || string_agg(lower(privilege_type), ' ' order by 1)
from information_schema.role_table_grants
where grantee = 'keys' group by table_name order by table_name
"""


async def test_the_process_can_destroy_data_keys_and_change_nothing(
    database: Fresh,
) -> None:
    connection = await asyncpg.connect(database.superuser)
    try:
        rights = {row[0] for row in await connection.fetch(RIGHTS)}
    finally:
        await connection.close()
    assert {right.split()[0]: set(right.split()[1:]) for right in rights} == {
        "agency_key": {"select", "insert"},
        "registration_key": {"select", "insert", "delete"},
        "alembic_version": {"select"},
    }
    for change in (
        "update registration_key set wrapped = ''",
        "update agency_key set wrapped = ''",
        "delete from agency_key",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(database.url, change)


@pytest.mark.parametrize("role", ["beneficiaries", "grants", "employment", "gateway"])
async def test_no_other_process_can_reach_the_keys(database: Fresh, role: str) -> None:
    account = database.url.replace("//keys:test-keys@", f"//{role}:test-{role}@")
    assert account != database.url
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(account, "select 1")


async def erase(databases: dict[str, Fresh], registration: str) -> None:
    statement = "delete from registration_key where registration = $1 returning true"
    assert await ask(databases["keys"].url, statement, UUID(registration))


async def test_matching_goes_on_around_an_erased_registration(
    north: Agency, south: Agency, databases: dict[str, Fresh]
) -> None:
    erased = await north.record()
    await erase(databases, erased["id"])
    alive = await north.record()
    assert alive["findings"] == []  # nobody can tell any more whom it resembles
    there = await south.record()
    keys = [
        (await agency.get(f"/persons/of/{one['id']}")).json()["person"]
        for agency, one in ((north, erased), (north, alive), (south, there))
    ]
    assert keys[1] == keys[2] != keys[0]


async def test_nobody_opens_an_erased_registration_again(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    recorded = await north.record()
    await erase(databases, recorded["id"])
    path = f"/registrations/{recorded['id']}"
    assert (await north.get(path)).status_code == 404
    by_name = {"names": {"given": "Mërgim", "family": "Prekazi"}}
    for answer in (
        await north.get(f"{path}/history"),
        await north.get("/registrations"),
        await north.post("/registrations/search", by_name),
    ):
        assert answer.status_code < 500
        assert "Prekazi" not in answer.text


async def test_an_erased_registration_does_not_hide_the_others(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    erased, kept = await north.record(), await north.record()
    await erase(databases, erased["id"])
    listed = (await north.get("/registrations")).json()["items"]
    assert [one["id"] for one in listed] == [kept["id"]]
