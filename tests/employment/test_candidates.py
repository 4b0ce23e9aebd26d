"""What an employer sees of whom agencies propose to it, and when it learns a name."""

from typing import Any
from uuid import uuid4

from tests.databases import Fresh, ask
from tests.employment.conftest import Agency


async def offered(agency: Agency, baker: Agency) -> str:
    """Publish a vacancy of the bakery, as one agency's employer, and give its id."""
    organisation = baker.organisation
    employer = await agency.recorded("/employers", organisation=organisation)
    return await agency.vacancy(employer=employer["id"])


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


async def test_an_employer_is_told_neither_name_nor_registration(
    north: Agency, bakery: Agency
) -> None:
    placed = (await north.place(await offered(north, bakery), uuid4())).json()
    assert (await north.post(f"/placements/{placed['id']}/introduction")).is_success
    answer = await bakery.get("/candidates")
    [candidate] = answer.json()["items"]
    assert candidate["introduced_at"] is not None
    for hidden in ("Prekazi", placed["registration"]):
        assert hidden not in answer.text


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


async def introduce(agency: Agency, key: str) -> dict[str, Any]:
    answer: dict[str, Any] = (
        await agency.post(f"/placements/{key}/introduction")
    ).json()
    return answer


async def test_a_name_is_given_only_after_acceptance_on_record_and_kept_nowhere(
    north: Agency, south: Agency, bakery: Agency, database: Fresh
) -> None:
    vacancy = await offered(north, bakery)
    key = (await north.place(vacancy, uuid4(), status="proposed")).json()["id"]
    early = await introduce(north, key)
    assert early["type"] == "urn:uramost:problem:not-accepted"
    asked = [one["claims"]["aud"] for one in north.neighbours.seen]
    assert asked.count("beneficiaries") == 1  # the person key, and no name
    await north.post(f"/placements/{key}/steps", status="accepted")
    told = await introduce(north, key)
    assert told == {"placement": key, "given": "Mërgim", "family": "Prekazi"}
    assert (await south.post(f"/placements/{key}/introduction")).status_code == 404
    await north.post(f"/placements/{key}/steps", status="declined", why="by_person")
    late = await introduce(north, key)
    assert late["type"] == "urn:uramost:problem:not-accepted"
    entries = "select count(*) from audit_entry where act = 'candidate:introduce'"
    assert await ask(database.superuser, entries) == 1
    for table in ("placement", "introduction", "audit_entry", "vacancy"):
        kept = f"select count(*) from {table} t where t::text like '%Prekazi%'"
        assert await ask(database.superuser, kept) == 0
