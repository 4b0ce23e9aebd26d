"""An employer reads who it has accepted, for a while, and nobody else ever does."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from tests.databases import Fresh, ask, execute
from tests.employment.conftest import Agency
from tests.employment.test_candidates import offered

NAMES = {"given": "Mërgim", "family": "Prekazi"}
PHONE = "+38344123456"
ELSEWHERE = "3ad05a53-a3b4-4f7a-90a5-72373d8eb21d"


async def accepted(agency: Agency, employer: Agency) -> dict[str, Any]:
    placed = await agency.place(await offered(agency, employer), uuid4())
    assert placed.status_code == 201, placed.text
    placement: dict[str, Any] = placed.json()
    return placement


async def introduced(
    agency: Agency, employer: Agency, **terms: object
) -> tuple[str, dict[str, Any]]:
    """Introduce somebody who is accepted: the candidate, and the introduction."""
    key = (await accepted(agency, employer))["id"]
    return key, await agency.recorded(f"/placements/{key}/introduction", **terms)


async def read(employer: Agency, candidate: str) -> Response:
    return await employer.get(f"/candidates/{candidate}/introduction")


async def hidden(employer: Agency, candidate: str) -> bool:
    """Tell whether it is answered as what never was, to the byte but for the trace."""
    answers = [await read(employer, one) for one in (candidate, str(uuid4()))]
    told = [answer.json() | {"trace": ""} for answer in answers]
    same = [answer.content for answer in answers]
    traces = [answer.json()["trace"].encode() for answer in answers]
    assert same[0].replace(traces[0], b"") == same[1].replace(traces[1], b"")
    return {one["status"] for one in told} == {404}


async def test_the_employer_reads_exactly_the_name_of_whom_it_was_introduced_to(
    north: Agency, bakery: Agency
) -> None:
    key, made = await introduced(north, bakery)
    answer = await read(bakery, key)
    until = made["until"]
    assert answer.json() == {"candidate": key, **NAMES, "phones": [], "until": until}
    assert made["organisation"] == bakery.organisation
    [candidate] = await bakery.listed("/candidates")
    assert candidate["introduced_until"] == until
    other = await accepted(north, bakery)
    assert await hidden(bakery, other["id"])


async def test_phones_are_told_only_where_the_agency_says_so(
    north: Agency, bakery: Agency
) -> None:
    key, _ = await introduced(north, bakery, phones=True, days=1)
    assert (await read(bakery, key)).json()["phones"] == [PHONE]
    too_long = f"/placements/{key}/introduction"
    assert (await north.post(too_long, days=31)).status_code == 422
    assert (await north.post(too_long, address=True)).status_code == 422


async def test_before_acceptance_and_after_its_end_nobody_is_introduced(
    north: Agency, bakery: Agency
) -> None:
    vacancy = await offered(north, bakery)
    key = (await north.place(vacancy, uuid4(), status="proposed")).json()["id"]
    path = f"/placements/{key}"
    early = await north.post(f"{path}/introduction")
    assert early.json()["type"] == "urn:uramost:problem:not-accepted"
    asked = [one["claims"]["aud"] for one in north.neighbours.seen]
    assert asked.count("beneficiaries") == 1  # the person key, and nothing else
    assert await hidden(bakery, key)
    await north.post(f"{path}/steps", status="accepted")
    assert await hidden(bakery, key)
    await north.recorded(f"{path}/introduction")
    assert (await read(bakery, key)).status_code == 200
    await north.post(f"{path}/steps", status="declined", why="by_person")
    assert await hidden(bakery, key)
    late = await north.post(f"{path}/introduction")
    assert late.json()["type"] == "urn:uramost:problem:not-accepted"


@pytest.mark.parametrize(
    "ended", ["until = now()", "withdrawn_at = now()", f"organisation = '{ELSEWHERE}'"]
)
async def test_an_introduction_that_is_not_in_force_is_as_none(
    north: Agency, bakery: Agency, database: Fresh, ended: str
) -> None:
    key, _ = await introduced(north, bakery)
    await execute(database.superuser, f"update introduction set {ended}")
    assert await hidden(bakery, key)
    [candidate] = await bakery.listed("/candidates")
    assert (candidate["introduced_until"] is None) or "organisation" in ended


async def test_without_consent_nobody_is_introduced_and_once_taken_back_nobody_reads(
    north: Agency, bakery: Agency
) -> None:
    placement = await accepted(north, bakery)
    key, registration = placement["id"], UUID(placement["registration"])
    north.neighbours.disagreeing.add(registration)
    refused = await north.post(f"/placements/{key}/introduction")
    assert refused.json()["type"] == "urn:uramost:problem:not-agreed"
    north.neighbours.disagreeing.clear()
    await north.recorded(f"/placements/{key}/introduction")
    assert (await read(bakery, key)).status_code == 200
    north.neighbours.disagreeing.add(registration)
    assert await hidden(bakery, key)


async def test_the_agency_takes_an_introduction_back_once(
    north: Agency, south: Agency, bakery: Agency
) -> None:
    key, made = await introduced(north, bakery)
    path = f"/introductions/{made['id']}/withdrawal"
    assert (await south.post(path)).status_code == 404
    assert (await bakery.post(path)).status_code == 403
    first, second = await north.post(path), await north.post(path)
    assert first.json() == second.json()
    assert await hidden(bakery, key)
    assert await north.listed("/introductions", placement=key) == [first.json()]
    assert await south.listed("/introductions") == []


async def test_no_other_organisation_and_no_agency_reads_it(
    north: Agency, bakery: Agency
) -> None:
    key, _ = await introduced(north, bakery)
    meant, bakery.organisation = bakery.organisation, str(uuid4())
    assert await hidden(bakery, key)
    bakery.organisation = None
    assert await hidden(bakery, key)
    assert await hidden(north, key)
    bakery.organisation = meant
    assert (await read(bakery, key)).status_code == 200


async def test_whoever_may_list_candidates_may_not_therefore_read_who_they_are(
    north: Agency, bakery: Agency
) -> None:
    key, _ = await introduced(north, bakery)
    bakery.permissions = bakery.permissions[:1]
    assert (await read(bakery, key)).status_code == 403


async def test_neither_list_nor_feed_ever_carries_a_name_and_nothing_keeps_one(
    north: Agency, bakery: Agency, database: Fresh
) -> None:
    key, made = await introduced(north, bakery, phones=True)
    await read(bakery, key)
    mine = [await bakery.get(path) for path in ("/candidates", f"/candidates/{key}")]
    bakery.permissions = north.permissions
    feeds = [await one.get("/feed") for one in (bakery, north)]
    lists = await north.get("/introductions"), await north.get("/placements")
    for answer in (*mine, *feeds, *lists):
        assert answer.status_code == 200
        assert not any(told in answer.text for told in (*NAMES.values(), PHONE))
    assert feeds[0].json()["items"] == []
    heard = [one["type"] for one in feeds[1].json()["items"] if "intro" in one["type"]]
    told = ["org.uramost.introduction.recorded", "org.uramost.introduction.read"]
    assert heard == told
    for act in ("record", "read"):
        entries = "select count(*) from audit_entry where act = $1 and target = $2"
        act_of = f"introduction:{act}"
        assert await ask(database.superuser, entries, act_of, UUID(made["id"])) == 1
    for table in ("placement", "introduction", "audit_entry", "outbox"):
        kept = f"select count(*) from {table} t where t::text like '%Prekazi%'"
        assert await ask(database.superuser, kept) == 0


async def test_while_beneficiaries_is_away_it_says_so_and_puts_nothing_on_record(
    north: Agency, bakery: Agency, database: Fresh
) -> None:
    key, _ = await introduced(north, bakery)
    north.neighbours.answers["exchange"] = 503
    assert (await read(bakery, key)).status_code == 503
    entries = "select count(*) from audit_entry where act = 'introduction:read'"
    assert await ask(database.superuser, entries) == 0
