"""The feed: everybody who may read an application hears what becomes of it."""

from importlib import import_module

from services.grants.permissions import Grants
from services.kit.feed import TYPES
from services.programme.counts.rules import Measure
from tests.databases import Fresh, execute
from tests.grants.speaking import as_agency
from tests.grants.test_plans import adopted
from tests.grants.world import Speaker, Two, World
from tests.programme.counted import counted


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


async def test_services_hear_of_awards_and_adopted_plans_and_the_programme_counts_them(
    world: World, two: Two, database: Fresh
) -> None:
    service = Speaker(
        world.client, lambda: as_agency("service:programme", Grants.FOLLOW_RESULTS)
    )
    await world.granted(await world.call(), *two)
    (award,) = (await world.officer().read("/awards"))["items"]
    plan, _ = await adopted(world.client)
    feed = await service.read("/results/feed")
    assert [
        (one["type"].removeprefix(TYPES), one["subject"], one["data"])
        for one in feed["items"]
    ] == [
        ("award.active", award["id"], {}),
        ("plan.adopted", plan.rpartition("/")[2], {"kind": "economic_development"}),
    ]
    counts = {Measure.GRANTS_AWARDED: 1, Measure.ECONOMIC_PLANS_ADOPTED: 1}
    assert counted(feed) == counts
    # What happened before services heard of it is told by the migration.
    migration = import_module("services.grants.migrations.versions.0006_results")
    await execute(database.superuser, "truncate outbox")
    await execute(database.owner, migration.TOLD)
    assert counted(await service.read("/results/feed")) == counts
    assert (await service.get("/feed")).status_code == 403
    assert (await two[0].get("/results/feed")).status_code == 403
