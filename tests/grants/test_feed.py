"""The feed: everybody who may read an application hears what becomes of it."""

from services.kit.feed import TYPES
from tests.grants.world import Speaker, Two, World


async def told(speaker: Speaker) -> list[tuple[str, str]]:
    """Read a feed from its beginning: what happened, and to which record."""
    part = await speaker.read("/feed")
    return [(e["type"].removeprefix(TYPES), e["subject"]) for e in part["items"]]


async def test_members_and_the_call_s_agency_hear_of_an_application_and_its_award(
    world: World, two: Two
) -> None:
    application = await world.granted(await world.call(), *two)
    agency = await told(world.officer())
    (award,) = (await world.officer().read("/awards"))["items"]
    assert agency[0] == ("application.submitted", application)
    assert ("award.active", award["id"]) in agency
    for member in two:
        assert {*agency} <= {*await told(member)}


async def test_before_its_submission_the_agency_hears_nothing(
    world: World, two: Two
) -> None:
    consortium = await world.consortium(*two)
    await world.draft(await world.call(), consortium, two[0])
    assert await told(world.officer()) == []
    assert [what for what, _ in await told(two[0])] == ["application.draft"]


async def test_nobody_else_hears_of_it(world: World, two: Two) -> None:
    stranger = await world.organisation("bosniak")
    await world.submitted(await world.call(), *two)
    assert await told(stranger) == []
    assert await told(world.officer("who")) == []
