import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from services.employment.app import create_app
from tests.databases import Fresh, ask, execute
from tests.employment.conftest import Agency, settings_for
from tests.employment.neighbours import Neighbours, nobody_there

COUNT = "select count(*) from placement"


async def test_a_placement_is_recorded_read_and_listed(north: Agency) -> None:
    vacancy = await north.vacancy()
    answer = await north.place(vacancy, uuid4())
    assert answer.status_code == 201
    body = answer.json()
    assert body["term"] == "short"
    assert (body["full_time"], body["status"]) == (True, "active")
    assert (await north.get(f"/placements/{body['id']}")).json() == body
    assert (await north.get("/placements")).json() == {"items": [body], "next": None}


async def test_the_person_key_never_leaves(
    north: Agency, neighbours: Neighbours, database: Fresh
) -> None:
    person = uuid4()
    neighbours.contested.add(person)
    answer = await north.place(await north.vacancy(), person)
    read = await north.get(f"/placements/{answer.json()['id']}")
    for shown in (answer, read, await north.get("/placements")):
        assert str(person) not in shown.text
        assert "contested" not in shown.text
    entries = "select string_agg(row_to_json(e)::text, '') from audit_entry e"
    assert str(person) not in str(await ask(database.superuser, entries))


async def test_the_caller_stays_the_subject_through_the_exchange(
    north: Agency, neighbours: Neighbours
) -> None:
    await north.place(await north.vacancy(), uuid4())
    [seen] = neighbours.seen
    claims = seen["claims"]
    assert (claims["agency"], claims["sub"]) == ("unicef", "officer")
    assert claims["act"] == {"sub": "employment"}
    assert claims["aud"] == "beneficiaries"
    assert UUID(seen["headers"]["x-request-id"])


async def test_a_vacancy_closes_with_its_last_place(
    north: Agency, database: Fresh
) -> None:
    vacancy = await north.vacancy(places=2)
    answers = await asyncio.gather(*(north.place(vacancy, uuid4()) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] * 2 + [409] * 4
    assert await ask(database.superuser, COUNT) == 2
    assert (await north.get(f"/vacancies/{vacancy}")).json()["state"] == "closed"


async def test_anothers_registration_vacancy_and_placement_are_as_absent(
    north: Agency, south: Agency
) -> None:
    person, vacancy = uuid4(), await north.vacancy()
    placed = (await north.place(vacancy, person)).json()
    own = await south.vacancy()
    hidden = [
        await south.place(vacancy, person),
        await south.place(own, person, registration=placed["registration"]),
        await south.get(f"/placements/{placed['id']}"),
    ]
    absent = [
        await south.place(str(uuid4()), person),
        await south.place(own, person, registration=str(uuid4())),
        await south.get(f"/placements/{uuid4()}"),
    ]
    assert {one.status_code for one in hidden + absent} == {404}
    assert len({one.content for one in hidden + absent}) == 1


@pytest.mark.parametrize(
    ("neighbour", "status", "expected"),
    [
        ("beneficiaries", 403, 403),
        ("beneficiaries", 404, 404),
        ("beneficiaries", 401, 503),
        ("beneficiaries", 502, 503),
        ("exchange", 400, 503),
        ("exchange", 401, 503),
        ("exchange", 503, 503),
    ],
)
async def test_a_neighbour_that_declines_places_nobody(  # noqa: PLR0913 -- fixtures and cases
    north: Agency,
    neighbours: Neighbours,
    database: Fresh,
    neighbour: str,
    status: int,
    expected: int,
) -> None:
    neighbours.answers[neighbour] = status
    answer = await north.place(await north.vacancy(), uuid4())
    assert answer.status_code == expected
    assert await ask(database.superuser, COUNT) == 0


async def test_without_neighbours_placing_waits_and_the_rest_goes_on(
    database: Fresh, neighbours: Neighbours
) -> None:
    app = create_app(settings_for(database, nobody_there(), nobody_there()))
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://employment") as client,
    ):
        north = Agency(client, neighbours, "unicef")
        answer = await north.place(await north.vacancy(), uuid4())
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert (await north.get("/placements")).json()["items"] == []


async def test_the_database_itself_hides_and_keeps_the_rows_of_others(
    north: Agency, database: Fresh
) -> None:
    await north.place(await north.vacancy(), uuid4())
    for table in ("employer", "vacancy", "placement"):
        for role in (database.url, database.owner):
            assert await ask(role, f"select count(*) from {table}") == 0
    for forbidden in (
        "delete from placement",
        "update placement set status = 'ended'",
        "update vacancy set places = 5",
        "delete from audit_entry",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(database.url, forbidden)


async def test_each_write_and_each_reading_of_a_placement_is_audited(
    north: Agency, database: Fresh
) -> None:
    placed = (await north.place(await north.vacancy(), uuid4())).json()
    await north.get(f"/placements/{placed['id']}")
    await north.get("/placements")
    acts = "select string_agg(act, ' ' order by id) from audit_entry"
    assert await ask(database.superuser, acts) == (
        "employer:record vacancy:record placement:record placement:read placement:read"
    )
    targets = "select count(*) from audit_entry where target = $1"
    assert await ask(database.superuser, targets, UUID(placed["id"])) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "2026-02-30"},
        {"starts_on": "1999-12-31"},
        {"ends_on": "2026-02-28"},
        {"person_key": str(uuid4())},
        {"registration": "U-17"},
    ],
)
async def test_what_cannot_be_is_refused_and_not_repeated(
    north: Agency, wrong: dict[str, str]
) -> None:
    answer = await north.place(await north.vacancy(), uuid4(), **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert str(next(iter(wrong.values()))) not in answer.text


async def test_an_unknown_filter_is_refused(north: Agency) -> None:
    assert (await north.get("/placements", person=str(uuid4()))).status_code == 422
