from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from services.employment.permissions import Employment
from tests.employment.conftest import Agency
from tests.passports import shown


async def test_an_employer_and_its_vacancy_are_recorded_read_and_listed(
    north: Agency,
) -> None:
    employer = await north.recorded(
        "/employers", name="Ferma „Ibar“", municipality="zvecan"
    )
    vacancy = await north.recorded(
        "/vacancies",
        employer=employer["id"],
        title="Milking",
        hours="part_time",
        places=3,
    )
    assert vacancy["state"] == "published"
    for path, body in (("/employers", employer), ("/vacancies", vacancy)):
        assert (await north.get(f"{path}/{body['id']}")).json() == body
        assert (await north.get(path)).json() == {"items": [body], "next": None}


async def test_lists_are_read_page_by_page(north: Agency) -> None:
    ids = [
        (await north.recorded("/employers", name=f"Employer {step}"))["id"]
        for step in range(5)
    ]
    first = (await north.get("/employers", limit="3")).json()
    rest = (await north.get("/employers", limit="3", cursor=first["next"])).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids
    assert rest["next"] is None


async def test_another_agency_cannot_tell_they_exist(
    north: Agency, south: Agency
) -> None:
    vacancy = await north.vacancy()
    employer = (await north.get(f"/vacancies/{vacancy}")).json()["employer"]
    offer = {"title": "Milking", "hours": "part_time"}
    hidden = [
        await south.get(f"/employers/{employer}"),
        await south.get(f"/vacancies/{vacancy}"),
        await south.post("/vacancies", employer=employer, **offer),
    ]
    absent = [
        await south.get(f"/employers/{uuid4()}"),
        await south.get(f"/vacancies/{uuid4()}"),
        await south.post("/vacancies", employer=str(uuid4()), **offer),
    ]
    assert {one.status_code for one in hidden + absent} == {404}
    assert len({one.content for one in hidden + absent}) == 1
    for path in ("/employers", "/vacancies"):
        assert (await south.get(path)).json()["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"hours": "sometimes"}, {"places": 0}, {"title": "\t"}, {"wage": 1}]
)
async def test_what_cannot_be_offered_is_refused(
    north: Agency, wrong: dict[str, object]
) -> None:
    offer = {"employer": str(uuid4()), "title": "Milking", "hours": "part_time"}
    answer = await north.post("/vacancies", **(offer | wrong))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/body/{next(iter(wrong))}"


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
    assert named >= set(Employment)
