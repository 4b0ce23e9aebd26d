"""What an employer sees of whom agencies propose to it; never who it is."""

from uuid import uuid4

from tests.employment.conftest import Agency


async def offered(agency: Agency, baker: Agency) -> str:
    """Publish a vacancy of the bakery, as one agency's employer, and give its id."""
    employer = await agency.post("/employers", organisation=baker.organisation)
    return await agency.vacancy(employer=employer.json()["id"])


async def test_an_employer_sees_its_candidates_of_every_agency_and_nobody_else_s(
    north: Agency, south: Agency, bakery: Agency
) -> None:
    for agency in (north, south):
        vacancy = await offered(agency, bakery)
        assert (await agency.place(vacancy, uuid4(), status="proposed")).is_success
    await north.place(await north.vacancy(), uuid4())
    shown = await bakery.listed("/candidates")
    assert [one["agency"] for one in shown] == ["unicef", "who"]
    assert (await bakery.get(f"/candidates/{shown[0]['id']}")).json() == shown[0]
    page = (await bakery.get("/candidates", limit="1")).json()
    rest = (await bakery.get("/candidates", cursor=page["next"])).json()
    assert page["items"] + rest["items"] == shown
    bakery.organisation = str(uuid4())
    assert await bakery.listed("/candidates") == []
    assert (await bakery.get(f"/candidates/{shown[0]['id']}")).status_code == 404


async def test_who_acts_for_no_organisation_has_no_candidates(
    north: Agency, bakery: Agency
) -> None:
    await north.place(await offered(north, bakery), uuid4())
    assert await north.listed("/candidates") == []


async def test_the_row_of_an_employer_lets_nothing_of_the_agency_through(
    north: Agency, bakery: Agency
) -> None:
    """Row security opens the row; the lists of agencies still ask for their own."""
    bakery.permissions = north.permissions
    placed = (await north.place(await offered(north, bakery), uuid4())).json()
    for path in ("/placements", "/vacancies", "/employers", "/retention-checks"):
        assert await bakery.listed(path) == []
    path = f"/placements/{placed['id']}"
    answers = [
        await bakery.get(path),
        await bakery.post(f"{path}/steps", status="started"),
        await bakery.post(f"{path}/introduction"),
    ]
    assert {one.status_code for one in answers} == {404}
