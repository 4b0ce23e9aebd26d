import asyncio
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from services.employment.permissions import Employment
from services.kit.checkpoints import Audit
from tests.employment.conftest import Agency
from tests.employment.neighbours import Neighbours
from tests.passports import shown

IN_FULL = {
    "title": "Baker",
    "occupation": "7512",
    "sector": "10",
    "weekly_hours": 20,
    "starts_on": "2026-01-01",
    "ends_on": "2026-06-30",
    "wage": {"amount": "2.5", "currency": "EUR", "period": "hour"},
    "municipality": "zvecan",
    "places": 3,
    "skills": ["S1.2.3", "K0721"],
    "accessibility": ["step_free"],
    "programme": "human-security",
}


async def test_an_employer_is_an_organisation_as_grants_shows_it(
    north: Agency, neighbours: Neighbours
) -> None:
    organisation = neighbours.organisation("Ferma „Ibar“", "zvecan")
    employer = await north.recorded("/employers", organisation=str(organisation))
    assert (employer["name"], employer["municipality"]) == ("Ferma „Ibar“", "zvecan")
    assert (await north.get(f"/employers/{employer['id']}")).json() == employer
    neighbours.organisations[organisation]["name"] = "Ibar d.o.o."
    again = await north.post("/employers", organisation=str(organisation))
    assert (again.status_code, again.json()["name"]) == (200, "Ibar d.o.o.")
    assert await north.listed("/employers") == [again.json()]
    *_, seen = neighbours.seen
    assert seen["claims"]["act"] == {"sub": "employment"}


async def test_what_grants_does_not_show_is_no_employer(
    north: Agency, neighbours: Neighbours
) -> None:
    for status, expected in ((404, 404), (403, 403), (401, 503), (502, 503)):
        neighbours.answers["grants"] = status
        answer = await north.post("/employers", organisation=str(uuid4()))
        assert answer.status_code == expected
    assert await north.listed("/employers") == []


async def test_a_vacancy_is_told_in_full(north: Agency) -> None:
    drafted = await north.draft(**IN_FULL)
    assert drafted["state"] == "draft"
    assert (drafted["hours"], drafted["term"]) == ("part_time", "long")
    wage = {"amount": "2.50", "currency": "EUR", "period": "hour"}
    assert drafted["wage"] == wage
    told = IN_FULL | {"wage": wage, "skills": ["K0721", "S1.2.3"]}
    assert {name: drafted[name] for name in told} == told
    assert (await north.get(f"/vacancies/{drafted['id']}")).json() == drafted


async def test_a_draft_is_corrected_and_what_is_published_stands(north: Agency) -> None:
    drafted = await north.draft()
    path = f"/vacancies/{drafted['id']}"
    wanted = IN_FULL | {"employer": drafted["employer"]}
    corrected = await north.put(path, **wanted)
    assert corrected.json()["title"] == "Baker"
    assert (await north.post(f"{path}/publication")).json()["state"] == "published"
    assert (await north.put(path, **wanted)).status_code == 409
    assert (await north.post(f"{path}/publication")).status_code == 409
    assert (await north.post(f"{path}/closing")).json()["state"] == "closed"
    assert (await north.post(f"{path}/closing")).status_code == 409


@pytest.mark.parametrize("step", [None, "closing"])
async def test_nobody_is_placed_in_a_draft_or_a_closed_vacancy(
    north: Agency, step: str | None
) -> None:
    key = (await north.draft())["id"]
    if step:
        assert (await north.post(f"/vacancies/{key}/{step}")).status_code == 200
    refused = await north.place(key, uuid4())
    assert refused.json()["type"] == "urn:uramost:problem:vacancy-closed"


async def test_the_last_place_fills_a_vacancy_and_a_freed_one_reopens_it(
    north: Agency,
) -> None:
    key = await north.vacancy(places=1)
    path = f"/vacancies/{key}"
    proposed = (await north.place(key, uuid4(), status="proposed")).json()
    placed = (await north.place(key, uuid4())).json()
    assert (await north.get(path)).json()["state"] == "filled"
    late = await north.post(f"/placements/{proposed['id']}/steps", status="accepted")
    assert late.json()["type"] == "urn:uramost:problem:vacancy-closed"
    gone = {"status": "declined", "why": "by_person"}
    assert (await north.post(f"/placements/{placed['id']}/steps", **gone)).is_success
    assert (await north.get(path)).json()["state"] == "published"
    taken = await north.post(f"/placements/{proposed['id']}/steps", status="accepted")
    assert taken.status_code == 200
    assert (await north.get(path)).json()["state"] == "filled"


@pytest.mark.parametrize(
    ("why", "state"), [("left", "published"), ("completed", "filled")]
)
async def test_only_a_contract_that_ran_to_its_end_uses_its_place_up(
    north: Agency, why: str, state: str
) -> None:
    key = await north.vacancy(places=1)
    placed = (await north.place(key, uuid4(), status="started")).json()
    ended = {"status": "ended", "why": why, "on": "2026-05-31"}
    assert (await north.post(f"/placements/{placed['id']}/steps", **ended)).is_success
    assert (await north.get(f"/vacancies/{key}")).json()["state"] == state


async def test_accepting_at_one_instant_oversells_no_place(north: Agency) -> None:
    key = await north.vacancy(places=2)
    proposed = [
        (await north.place(key, uuid4(), status="proposed")).json()["id"]
        for _ in range(6)
    ]
    answers = await asyncio.gather(
        *(north.post(f"/placements/{one}/steps", status="accepted") for one in proposed)
    )
    assert sorted(one.status_code for one in answers) == [200] * 2 + [409] * 4


async def test_lists_are_read_page_by_page(north: Agency) -> None:
    ids = [(await north.employer(f"Employer {step}"))["id"] for step in range(5)]
    first = (await north.get("/employers", limit="3")).json()
    rest = (await north.get("/employers", limit="3", cursor=first["next"])).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids
    assert rest["next"] is None


async def test_vacancies_are_narrowed_by_what_they_are(north: Agency) -> None:
    baker = await north.draft(**IN_FULL)
    await north.vacancy()
    for name, value in (
        ("occupation", "7512"),
        ("sector", "10"),
        ("hours", "part_time"),
        ("state", "draft"),
        ("municipality", "zvecan"),
        ("employer", baker["employer"]),
    ):
        assert await north.listed("/vacancies", **{name: value}) == [baker], name
    for wrong in ({"occupation": "75"}, {"state": "open"}, {"community": "x"}):
        assert (await north.get("/vacancies", **wrong)).status_code == 422


async def test_another_agency_cannot_tell_they_exist(
    north: Agency, south: Agency
) -> None:
    vacancy = await north.vacancy()
    employer = (await north.get(f"/vacancies/{vacancy}")).json()["employer"]

    async def tried(employer: str, vacancy: str) -> list[bytes]:
        answers = [
            await south.get(f"/employers/{employer}"),
            await south.get(f"/vacancies/{vacancy}"),
            await south.post(f"/vacancies/{vacancy}/closing"),
            await south.post(f"/vacancies/{vacancy}/matches"),
            await south.post("/vacancies", **(IN_FULL | {"employer": employer})),
        ]
        assert {one.status_code for one in answers} == {404}
        return [one.content for one in answers]

    hidden, absent = (
        await tried(employer, vacancy),
        await tried(str(uuid4()), str(uuid4())),
    )
    assert hidden == absent
    for path in ("/employers", "/vacancies"):
        assert await south.listed(path) == []


WRONG: list[tuple[str, object]] = [
    ("occupation", "7499"),
    ("occupation", "75"),
    ("sector", "00"),
    ("weekly_hours", 0),
    ("places", 0),
    ("title", "\t"),
    ("salary", 1),
    ("skills", ["L1"]),
    ("accessibility", ["kind"]),
    ("wage", {"amount": 2.5, "currency": "EUR", "period": "hour"}),
    ("wage", {"amount": "2.505", "currency": "EUR", "period": "hour"}),
    ("wage", {"amount": "2.5", "currency": "XXE", "period": "hour"}),
    ("wage", {"amount": "0", "currency": "EUR", "period": "hour"}),
]


async def test_what_cannot_be_offered_is_refused(north: Agency) -> None:
    for field, wrong in WRONG:
        offer = IN_FULL | {"employer": str(uuid4()), field: wrong}
        answer = await north.post("/vacancies", **offer)
        assert answer.status_code == 422, (field, wrong)
        assert answer.json()["errors"][0]["pointer"].startswith(f"/body/{field}")


async def test_a_stranger_learns_nothing_and_each_operation_names_its_permission(
    app: FastAPI, client: AsyncClient
) -> None:
    named: set[str] = set()
    for path, operations in app.openapi()["paths"].items():
        for verb, operation in operations.items():
            at = path.format(key=uuid4())
            stranger = await client.request(verb, at)
            assert stranger.status_code == 401, (verb, path)
            headers = shown("employment", "unicef", ["nothing:at-all"])
            refused = await client.request(verb, at, headers=headers)
            assert refused.status_code == 403, (verb, path)
            [scopes] = [next(iter(one.values())) for one in operation["security"]]
            named |= set(scopes)
    assert named == {*Employment, *Audit}
