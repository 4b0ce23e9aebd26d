import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient, Response

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
    assert (body["full_time"], body["status"]) == (True, "accepted")
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
    *_, seen = neighbours.seen
    claims = seen["claims"]
    assert (claims["agency"], claims["sub"]) == ("unicef", "officer")
    assert claims["act"] == {"sub": "employment"}
    assert claims["aud"] == "beneficiaries"
    assert UUID(seen["headers"]["x-request-id"])


async def test_a_vacancy_is_filled_with_its_last_place(
    north: Agency, database: Fresh
) -> None:
    vacancy = await north.vacancy(places=2)
    answers = await asyncio.gather(*(north.place(vacancy, uuid4()) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] * 2 + [409] * 4
    assert await ask(database.superuser, COUNT) == 2
    assert (await north.get(f"/vacancies/{vacancy}")).json()["state"] == "filled"


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


DECLINING = (
    ("beneficiaries", 403, 403),
    ("beneficiaries", 404, 404),
    ("beneficiaries", 401, 503),
    ("beneficiaries", 502, 503),
    ("exchange", 400, 503),
    ("exchange", 401, 503),
    ("exchange", 503, 503),
)


async def test_a_neighbour_that_declines_places_nobody(
    north: Agency, neighbours: Neighbours, database: Fresh
) -> None:
    vacancy = await north.vacancy()
    for neighbour, status, expected in DECLINING:
        neighbours.answers = {neighbour: status}
        answer = await north.place(vacancy, uuid4())
        assert answer.status_code == expected, (neighbour, status)
    assert await ask(database.superuser, COUNT) == 0


async def test_without_neighbours_placing_waits_and_the_rest_goes_on(
    north: Agency, database: Fresh, neighbours: Neighbours
) -> None:
    vacancy = await north.vacancy()
    app = create_app(settings_for(database, *[nobody_there()] * 3))
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://employment") as client,
    ):
        alone = Agency(client, neighbours, "unicef")
        answer = await alone.place(vacancy, uuid4())
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        employer = await alone.post("/employers", organisation=str(uuid4()))
        assert employer.status_code == 503
        assert await alone.listed("/placements") == []


async def test_the_database_itself_hides_and_keeps_the_rows_of_others(
    north: Agency, database: Fresh
) -> None:
    await north.place(await north.vacancy(), uuid4())
    for table in ("employer", "vacancy", "placement"):
        for role in (database.url, database.owner):
            assert await ask(role, f"select count(*) from {table}") == 0
    for forbidden in (
        "delete from placement",
        "update placement set recorded_by = 'who'",
        "update placement set agency = 'who'",
        "update vacancy set agency = 'who'",
        "delete from vacancy",
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
        "employer:record vacancy:record vacancy:move"
        " placement:record placement:read placement:read"
    )
    targets = "select count(*) from audit_entry where target = $1"
    assert await ask(database.superuser, targets, UUID(placed["id"])) == 3


WRONG: tuple[dict[str, str], ...] = (
    {"starts_on": "2026-02-30"},
    {"starts_on": "1999-12-31"},
    {"ends_on": "2026-02-28"},
    {"status": "ended"},
    {"person_key": str(uuid4())},
    {"registration": "U-17"},
)


async def test_what_cannot_be_is_refused_and_not_repeated(north: Agency) -> None:
    vacancy = await north.vacancy()
    for wrong in WRONG:
        answer = await north.place(vacancy, uuid4(), **wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"]
        assert str(next(iter(wrong.values()))) not in answer.text.replace("ended", "")


STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("proposed", {"status": "started"}),
    ("proposed", {"status": "ended", "why": "left", "on": "2026-04-01"}),
    ("accepted", {"status": "accepted"}),
    ("accepted", {"status": "ended", "why": "left", "on": "2026-04-01"}),
    ("started", {"status": "withdrawn", "why": "by_agency"}),
    ("started", {"status": "ended", "why": "left", "on": "2026-02-28"}),
)


async def test_a_placement_goes_only_where_it_can_go(north: Agency) -> None:
    vacancy = await north.vacancy("part_time")
    for status, step in STEPS:
        placed = (await north.place(vacancy, uuid4(), status=status)).json()
        answer = await north.post(f"/placements/{placed['id']}/steps", **step)
        assert answer.json()["type"] == "urn:uramost:problem:not-next", (status, step)
        assert (await north.get(f"/placements/{placed['id']}")).json() == placed


async def test_a_step_says_what_belongs_to_it_and_no_more(north: Agency) -> None:
    placed = (await north.place(await north.vacancy(), uuid4())).json()
    for wrong in (
        {"status": "declined"},
        {"status": "declined", "why": "completed"},
        {"status": "started", "why": "other"},
        {"status": "withdrawn", "why": "by_agency", "on": "2026-04-01"},
        {"status": "ended", "why": "left"},
    ):
        path = f"/placements/{placed['id']}/steps"
        assert (await north.post(path, **wrong)).status_code == 422, wrong


async def test_a_whole_life_is_shown_and_narrows_the_list(north: Agency) -> None:
    vacancy = await north.vacancy()
    placed = (await north.place(vacancy, uuid4(), status="proposed")).json()
    path = f"/placements/{placed['id']}"
    for step in (
        {"status": "accepted"},
        {"status": "started", "on": "2026-03-09"},
        {"status": "ended", "why": "agreed", "on": "2026-09-08"},
    ):
        assert (await north.post(f"{path}/steps", **step)).is_success
    body = (await north.get(path)).json()
    told = {name: body[name] for name in ("status", "why", "starts_on", "term")}
    assert told == {
        "status": "ended",
        "why": "agreed",
        "starts_on": "2026-03-09",
        "term": "long",
    }
    assert await north.listed("/placements", status="ended", vacancy=vacancy) == [body]
    assert await north.listed("/placements", status="started") == []


async def test_the_same_key_again_gives_the_same_placement(
    north: Agency, south: Agency, database: Fresh
) -> None:
    vacancy, person = await north.vacancy(), uuid4()
    mine = str(north.neighbours.register("unicef", person))
    key = {"idempotency-key": "unicef-2026-17"}
    body = {"vacancy": vacancy, "registration": mine, "starts_on": "2026-03-01"}
    sent = body | {"overlap_check_consented": True, "status": "accepted"}

    async def send(agency: Agency, **changed: object) -> Response:
        headers = agency.headers() | key
        return await agency.client.post(
            "/placements", json=sent | changed, headers=headers
        )

    answers = await asyncio.gather(*(send(north) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200] * 3 + [201]
    assert len({one.content for one in answers}) == 1
    other = await send(north, starts_on="2026-03-02")
    assert other.json()["type"] == "urn:uramost:problem:other-placement"
    theirs = await send(
        south,
        vacancy=await south.vacancy("part_time"),
        registration=str(south.neighbours.register("who", person)),
    )
    assert theirs.status_code == 201
    assert await ask(database.superuser, COUNT) == 2
    kept = "select count(*) from placement p where p::text like '%unicef-2026-17%'"
    assert await ask(database.superuser, kept) == 0


async def test_an_unknown_filter_is_refused(north: Agency) -> None:
    assert (await north.get("/placements", person=str(uuid4()))).status_code == 422
