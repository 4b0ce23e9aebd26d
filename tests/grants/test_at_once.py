"""What happens at one instant: officers, agencies and members on the same rows."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from uuid import uuid4

from httpx import Response

from tests.databases import Fresh, ask, execute
from tests.grants.world import Organisation, Two, World, problem

AGENCIES = ("unicef", "who", "undp", "unv")
ONE_AWARD = [{"kind": "one_award"}]
NO_DOUBLE = [{"kind": "no_double_funding"}]


async def at_once(*acts: Awaitable[Response]) -> Counter[int]:
    """Let them all act; a deadlock would be a fault, and waiting for ever a failure."""
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*acts)
    assert not [one.text for one in answers if one.status_code >= 500]
    return Counter(one.status_code for one in answers)


def awarding(
    world: World, application: str, agency: str = "unicef", subject: str = "officer"
) -> Awaitable[Response]:
    body = {
        "application": application,
        "amount": "12500.00",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "tranches": [{"amount": "12500.00", "due_on": "2026-06-30"}],
    }
    return world.officer(agency, subject).post("/awards", body)


async def prepared(world: World, call: str, *members: Organisation) -> str:
    application = await world.draft(call, await world.consortium(*members), members[0])
    await world.signed(application, *members)
    return application


async def scored(world: World, agency: str, call: str, *members: Organisation) -> str:
    application = await world.submitted(call, *members)
    await world.scored(application, agency=agency)
    return application


async def test_of_four_consortia_with_one_member_in_common_one_applies(
    world: World, two: Two
) -> None:
    call = await world.call(rules=[{"kind": "one_application"}])
    leads = [await world.organisation() for _ in AGENCIES]
    drafts = [(lead, await prepared(world, call, lead, two[1])) for lead in leads]
    found = await at_once(
        *(lead.post(f"/applications/{one}/submission") for lead, one in drafts)
    )
    assert found == {200: 1, 409: 3}


async def test_two_officers_award_an_application_once(world: World, two: Two) -> None:
    call = await world.call()
    application = await scored(world, "unicef", call, *two)
    await world.ranked(call)
    officers = ("officer", "second")
    found = await at_once(
        *(awarding(world, application, subject=one) for one in officers)
    )
    assert found == {201: 1, 409: 1}


async def test_two_officers_give_no_organisation_two_awards_of_a_call(
    world: World, two: Two
) -> None:
    call = await world.call(rules=ONE_AWARD)
    third = await world.organisation()
    applications = [
        await scored(world, "unicef", call, two[0], two[1]),
        await scored(world, "unicef", call, third, two[1]),
    ]
    await world.ranked(call)
    acts = [awarding(world, one) for one in applications]
    found = await at_once(*acts, awarding(world, applications[0], subject="second"))
    assert found == {201: 1, 409: 2}


async def test_four_agencies_at_once_fund_the_same_priority_once(
    world: World, two: Two, database: Fresh
) -> None:
    applications = {}
    for agency in AGENCIES:
        call = await world.call(agency, rules=NO_DOUBLE)
        applications[agency] = await scored(world, agency, call, *two)
        await world.ranked(call, agency)
    serves = f"update application set priorities = '{{{uuid4()}}}'"
    await execute(database.superuser, serves)
    found = await at_once(
        *(awarding(world, one, agency) for agency, one in applications.items())
    )
    assert found == {201: 1, 409: 3}
    awarded = "select count(*) from application where awarded_at is not null"
    assert await ask(database.superuser, awarded) == 1


async def test_who_leaves_at_the_moment_of_the_award_is_never_awarded_in(
    world: World, two: Two
) -> None:
    call = await world.call()
    application = await scored(world, "unicef", call, *two)
    await world.ranked(call)
    body = await two[0].read(f"/applications/{application}")
    leaving = two[1].post(f"/consortia/{body['consortium']}/withdrawal")
    found = await at_once(awarding(world, application), leaving)
    assert found in ({200: 1, 201: 1}, {200: 1, 409: 1})
    assert await world.status(application) == "suspended"


async def test_everybody_at_once_on_one_call_comes_to_no_deadlock(
    world: World, two: Two
) -> None:
    call = await world.call()
    drafts = []
    for _ in range(3):
        lead = await world.organisation("albanian")
        member = await world.organisation("serb")
        drafts.append((lead, member, await prepared(world, call, lead, member)))
    first = await scored(world, "unicef", call, *two)
    consortia = {
        member: (await lead.read(f"/applications/{one}"))["consortium"]
        for lead, member, one in drafts
    }
    acts = [lead.post(f"/applications/{one}/submission") for lead, _, one in drafts] + [
        member.post(f"/consortia/{consortium}/withdrawal")
        for member, consortium in consortia.items()
    ]
    officers = [world.officer(subject=one) for one in ("officer", "second")]
    acts += [officer.post(f"/calls/{call}/closing") for officer in officers]
    acts += [officer.post(f"/calls/{call}/ranking") for officer in officers]
    acts += [
        world.officer(agency).post(f"/applications/{first}/decline")
        for agency in AGENCIES
    ]
    found = await at_once(*acts)
    assert found.keys() <= {200, 404, 409}
    again = await officers[0].post(f"/calls/{call}/closing")
    assert problem(again) == "call-not-ready"
