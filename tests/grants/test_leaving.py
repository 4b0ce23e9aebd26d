"""A member leaves: nobody is held, and nothing goes on that rests on it."""

from tests.grants.world import Two, World, problem, reasons, terms


async def test_a_member_that_leaves_an_award_suspends_it_until_it_is_whole(
    world: World, two: Two
) -> None:
    lead, leaver = two
    application = await world.granted(await world.call(), *two)
    body = await lead.read(f"/applications/{application}")
    consortium = f"/consortia/{body['consortium']}"
    await leaver.done(f"{consortium}/withdrawal")
    assert await world.status(application) == "suspended"
    path = f"/applications/{application}"
    assert problem(await lead.post(f"{path}/withdrawal")) == "application-not-ready"
    alike = await world.organisation("albanian")
    await world.accepted(
        await lead.done(f"{consortium}/terms", terms(lead, alike)), lead, alike
    )
    await world.signed(application, lead, alike)
    answer = await lead.post(f"{path}/renewal")
    expected = ["minimum_communities", "maximum_share_of_community"]
    assert reasons(answer) == expected
    assert await world.status(application) == "suspended"
    other = await world.organisation("roma")
    await world.accepted(
        await lead.done(f"{consortium}/terms", terms(lead, other)), lead, other
    )
    await world.signed(application, lead, other)
    assert (await lead.done(f"{path}/renewal"))["status"] == "awarded"
    assert (await leaver.get(path)).status_code == 404
    assert (await other.get(path)).status_code == 200


async def test_no_rule_is_bypassed_by_changing_members_after_award(
    world: World, two: Two
) -> None:
    """The terms in force stay in force until other ones meet the call's rules."""
    lead, member = two
    application = await world.granted(await world.call(), *two)
    before = await lead.read(f"/applications/{application}")
    consortium = f"/consortia/{before['consortium']}"
    path = f"/applications/{application}"
    third = await world.organisation("albanian")
    for members, shares in (
        ((lead, third), "50 50"),
        ((lead, member, third), "40 29 31"),
    ):
        proposal = terms(*members, shares=shares)
        proposed = await lead.done(f"{consortium}/terms", proposal)
        await world.accepted(proposed, *members)
        await world.signed(application, *members)
        refused = await lead.post(f"{path}/renewal")
        assert problem(refused) in {"put-out", "not-composed"}
        after = await lead.read(path)
        assert (after["status"], after["terms"]) == ("awarded", before["terms"])
    proposal = terms(lead, member, shares="60.00 40.00")
    await world.accepted(await lead.done(f"{consortium}/terms", proposal), *two)
    await world.signed(application, *two)
    renewed = await lead.done(f"{path}/renewal")
    assert (renewed["status"], renewed["terms"] != before["terms"]) == ("awarded", True)


async def test_a_member_that_leaves_before_the_award_stops_it(
    world: World, two: Two
) -> None:
    call = await world.call()
    application = await world.submitted(call, *two)
    await world.scored(application)
    await world.ranked(call)
    body = await two[0].read(f"/applications/{application}")
    await two[1].done(f"/consortia/{body['consortium']}/withdrawal")
    content = {
        "application": application,
        "amount": "1.00",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "tranches": [],
    }
    answer = await world.officer().post("/awards", content)
    assert answer.status_code in (409, 422)
    assert await world.status(application) == "suspended"
    undecided = await world.officer().post(f"/calls/{call}/decision")
    assert problem(undecided) == "still-undecided"
    third = await world.organisation("serb")
    consortium = f"/consortia/{body['consortium']}"
    await world.accepted(
        await two[0].done(f"{consortium}/terms", terms(two[0], third)), two[0], third
    )
    await world.signed(application, two[0], third)
    renewed = await two[0].done(f"/applications/{application}/renewal")
    assert renewed["status"] == "submitted"  # to be assessed anew, as it now is
