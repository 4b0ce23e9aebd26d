"""Whoever steals every byte at rest reads no name, number, place or community in it."""

import asyncio
import shutil
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from deploy.cluster import binary, environment
from deploy.databases import DATABASES, provision
from deploy.migrate import migrate
from deploy.postgres import Postgres
from services.beneficiaries.app import create_app
from services.beneficiaries.settings import Settings
from services.kit.orthography import fold
from tests.attacks.sweep import SHORTEST, disguises, everything_in, sightings
from tests.beneficiaries.conftest import EVERYTHING, MASTER, Agency
from tests.databases import PASSWORDS, execute, roomy_folder
from tests.passports import PRIVATE, PUBLIC

NAME = "Zvokiprameg"  # in every name, address, document, household and source id
DIGITS = "4915273940"  # in every phone
PLACES = ("zubin-potok", "leposavic")
COMMUNITIES = ("ashkali", "montenegrin")
MARKS = (NAME, DIGITS, *PLACES, *COMMUNITIES)
CONTROL = "Kontrolibesa"  # written in the clear on purpose
OURS = ("beneficiaries", "keys")
PEOPLE = 200
LETTERS = "bdgklmnprs"


def tail(number: int) -> str:
    """Write a number in letters, so that it can end a name."""
    return "".join(LETTERS[int(digit)] + "i" for digit in f"{number:03}")


def planted(number: int) -> dict[str, Any]:
    """Make somebody of whom every value bears a mark: eight values and a place."""
    own = NAME + tail(number)
    return {
        "source_id": f"S-{own}",
        "names": {"given": own, "family": f"{own}ević", "father": f"{own}a"},
        "sex": "female",
        "birth": {"value": str(1930 + number % 90), "precision": "year"},
        "place": PLACES[number % 2],
        "address": f"{own} {number}",
        "phones": [f"+{DIGITS}{number:03}"],
        "documents": [{"kind": "passport", "number": f"{own}{number}"}],
        "household": f"H {own}",
        "communities": {"declared": [COMMUNITIES[number % 2]]},
    }


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = roomy_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[Postgres]:
    with Postgres.start(
        folder, password="sweep", settings={"fsync": "off", "shared_buffers": "64MB"}
    ) as server:
        await provision(server.superuser, PASSWORDS)
        for name in OURS:
            owner = f"{name}_owner"
            await migrate(name, server.url(name, owner, PASSWORDS[owner]))
        yield server


@asynccontextmanager
async def service(server: Postgres) -> AsyncIterator[AsyncClient]:
    database, keys = (server.url(name, name, PASSWORDS[name]) for name in OURS)
    app = create_app(
        Settings(
            database=database,
            keys=keys,
            master_key=MASTER,
            passport_key=PUBLIC,
            audit_key=PRIVATE,
        )
    )
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://service") as client,
    ):
        yield client


async def live_through(client: AsyncClient) -> None:
    """Record, import, find, correct, disclose and be refused, with planted values."""
    north, south = (Agency(client, name, EVERYTHING) for name in ("unicef", "who"))
    people = [planted(number) for number in range(PEOPLE)]
    imported = await north.post("/imports/rows", {"rows": people[: PEOPLE // 2]})
    assert {row["outcome"] for row in imported.json()} == {"recorded"}
    recorded = [await north.record(**one) for one in people[PEOPLE // 2 :]]
    for one, sent in zip(recorded[:20], people[PEOPLE // 2 :], strict=False):
        await south.record(**sent)
        path = f"/registrations/{one['id']}"
        corrected = sent | {"address": f"{sent['address']} {NAME}"}
        assert (await north.put(path, corrected)).status_code == 200
        assert (await north.post("/registrations", sent | {"sex": "male"})).is_error
        assert (await north.post("/registrations", sent | {"place": NAME})).is_error
        search = {"names": sent["names"], "birth": sent["birth"]}
        found = await north.post("/registrations/search", search)
        assert one["id"] in {row["id"] for row in found.json()}
        until = {"purpose": "assistance", "until": "2999-01-01T00:00:00Z"}
        await north.post(f"{path}/consents", until)
        opened = await north.request("POST", f"{path}/disclosures", None, "assistance")
        assert opened.json()["declared"][0] in COMMUNITIES


def dump(server: Postgres, database: str) -> bytes:
    """Dump a whole database as its superuser would, row security or not."""
    return subprocess.run(  # noqa: S603 -- our binary, our arguments
        [binary("pg_dump"), "--dbname", server.superuser.replace("/postgres?", f"/{database}?")],  # noqa: E501 -- one address
        env=environment(),
        capture_output=True,
        check=True,
    ).stdout  # fmt: skip


async def test_nothing_planted_lies_anywhere_at_rest(
    folder: Path, server: Postgres
) -> None:
    async with service(server) as client:
        await live_through(client)
    control = f"create table control as select '{CONTROL}' as text"
    beneficiaries = server.superuser.replace("/postgres?", "/beneficiaries?")
    await execute(beneficiaries, control)
    await execute(server.superuser, "checkpoint")
    dumps = {f"dump of {name}": dump(server, name) for name in DATABASES}
    seen = await asyncio.to_thread(
        sightings, (*MARKS, CONTROL), dumps | everything_in(folder)
    )
    assert {mark for mark, _ in seen} == {CONTROL}
    places = {place.split("/")[1] if "/" in place else place for _, place in seen}
    assert places >= {"dump of beneficiaries", "base", "pg_wal"}


@pytest.mark.parametrize("mark", MARKS)
def test_the_search_finds_every_disguise_of_a_mark(mark: str) -> None:
    """The control of the search itself, written without its own functions."""
    plain = mark.encode()
    for content in (
        b"xx" + plain + b"yy",
        mark.encode("utf-16-le"),
        mark.upper().encode("utf-16-be"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        mark[::-1].encode(),
        mark[::-1].lower().encode().hex().encode(),
        " ".join(fold(f"{mark}i")).replace(" ", "").encode(),
        *(b64encode(before + plain + b"yy") for before in (b"", b"x", b"xy", b"xyz")),
    ):
        assert sightings([mark], {"here": content}) == {(mark, "here")}, content
    assert sightings([mark], {"here": plain[:-1]}) == set()
    assert min(map(len, disguises(mark))) >= SHORTEST


@pytest.mark.parametrize("number", [0, 57, 199])
def test_every_planted_value_bears_a_mark(number: int) -> None:
    person = planted(number)
    values = [
        *person["names"].values(),
        person["address"],
        person["household"],
        person["source_id"],
        person["documents"][0]["number"],
    ]
    for value in values:
        assert NAME in value
        assert "".join(fold(NAME)) in "".join(fold(value))
    assert DIGITS in person["phones"][0]
