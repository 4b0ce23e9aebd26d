"""Placements follow the person: merges, splits, erasures, overlaps to be settled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from tests.databases import Fresh, ask
from tests.employment.conftest import Agency
from tests.employment.neighbours import Neighbours

Json = dict[str, Any]
MARCH = ("2026-03-01", "2026-05-31")
PERSON = "select person from placement where id = $1"


class Registry:
    """What beneficiaries says of registrations: each move counted, as it does."""

    def __init__(self, app: FastAPI, neighbours: Neighbours) -> None:
        self.app = app
        self.neighbours = neighbours
        self.moves: dict[UUID, int] = {}

    async def move(
        self, agency: str, key: str, person: UUID, *, contested: bool = False
    ) -> None:
        """Tell that a registration got another person, and wait until it is applied."""
        registration = UUID(key)
        before = self.neighbours.persons[agency, registration]
        self.neighbours.persons[agency, registration] = person
        self.moves[registration] = self.moves.get(registration, 0) + 1
        about = {
            "agency": agency,
            "before": str(before),
            "person": str(person),
            "contested": contested,
            "moves": self.moves[registration],
        }
        split = contested or person == registration
        happened = "person.split" if split else "person.merged"
        self.neighbours.tell(happened, registration, **about)
        await self.followed()

    async def followed(self) -> None:
        """Wait until everything that was told has been applied."""

        async def all_applied() -> bool:
            progress = await self.app.state.follower.progress()
            return bool(progress.applied == len(self.neighbours.told))

        await until(all_applied)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await true():  # noqa: ASYNC110 -- the database knows, and tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def registry(app: FastAPI, neighbours: Neighbours) -> Registry:
    return Registry(app, neighbours)


async def placed(agency: Agency, person: UUID, days: tuple[str, str] = MARCH) -> Json:
    answer = await agency.place(await agency.vacancy(), person, *days)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def overlapping(agency: Agency, placement: Json) -> bool:
    answer = await agency.get(f"/placements/{placement['id']}")
    return bool(answer.json()["overlapping"])


async def test_a_merge_brings_an_overlap_to_light_and_a_split_puts_it_back(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one, other = uuid4(), uuid4()
    first, second = await placed(north, one), await placed(south, other)
    await registry.move("who", second["registration"], one)
    assert not await overlapping(north, first)
    assert await overlapping(south, second)
    assert await north.listed("/overlaps") == []
    (case,) = await south.listed("/overlaps")
    assert case["placement"] == second["id"]
    await registry.move("who", second["registration"], UUID(second["registration"]))
    assert not await overlapping(south, second)
    assert await south.listed("/overlaps") == []
    settled = await south.get(f"/overlaps/{case['id']}")
    assert settled.json()["outcome"] == "parted"


async def test_who_waited_holds_its_days_when_the_other_leaves(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one, other = uuid4(), uuid4()
    first, second = await placed(north, one), await placed(south, other)
    await registry.move("who", second["registration"], one)
    assert await overlapping(south, second)
    await registry.move("unicef", first["registration"], UUID(first["registration"]))
    assert not await overlapping(south, second)
    assert await south.listed("/overlaps") == []


async def test_other_days_are_no_overlap(
    north: Agency, south: Agency, registry: Registry, database: Fresh
) -> None:
    one, other = uuid4(), uuid4()
    await placed(north, one)
    second = await placed(south, other, ("2026-06-01", "2026-08-31"))
    await registry.move("who", second["registration"], one)
    assert not await overlapping(south, second)
    assert await ask(database.superuser, PERSON, UUID(second["id"])) == one
    refused = await north.place(await north.vacancy(), one, "2026-07-01", "2026-07-31")
    assert refused.status_code == 409


async def test_an_overlap_is_settled_by_other_dates_or_by_letting_both_stand(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one, other = uuid4(), uuid4()
    await placed(north, one)
    second = await placed(south, other)
    await registry.move("who", second["registration"], one)
    (case,) = await south.listed("/overlaps")
    path = f"/overlaps/{case['id']}/resolution"
    assert (await north.post(path, outcome="tolerated")).status_code == 404
    early = await south.post(path, outcome="resolved")
    assert early.status_code == 409
    assert early.json()["type"] == "urn:uramost:problem:overlapping"
    dates = {"starts_on": "2026-06-01", "ends_on": "2026-08-31"}
    moved = await south.put(f"/placements/{second['id']}/dates", **dates)
    assert moved.status_code == 200
    assert (await south.post(path, outcome="resolved")).json()["outcome"] == "resolved"
    assert not await overlapping(south, second)
    again = await south.post(path, outcome="tolerated")
    assert again.json()["type"] == "urn:uramost:problem:overlap-settled"


async def test_an_overlap_that_is_tolerated_holds_no_days_and_is_no_case(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one, other = uuid4(), uuid4()
    await placed(north, one)
    second = await placed(south, other)
    await registry.move("who", second["registration"], one)
    (case,) = await south.listed("/overlaps")
    await south.post(f"/overlaps/{case['id']}/resolution", outcome="tolerated")
    assert await overlapping(south, second)
    assert await south.listed("/overlaps") == []


async def test_a_person_in_doubt_hinders_nobody_until_the_doubt_is_gone(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one = uuid4()
    first = await placed(north, one)
    await registry.move("unicef", first["registration"], one, contested=True)
    second = await placed(south, one)
    await registry.move("unicef", first["registration"], one)
    assert await overlapping(north, first)
    assert not await overlapping(south, second)


async def test_what_moved_while_it_was_being_placed_is_placed_as_it_moved(
    north: Agency, south: Agency, registry: Registry, neighbours: Neighbours
) -> None:
    """The answer was given before the merge, the placement written after it."""
    one, other = uuid4(), uuid4()
    await placed(north, one)
    vacancy, registration = await south.vacancy(), neighbours.register("who", other)
    await registry.move("who", str(registration), one)
    neighbours.persons["who", registration] = other  # as it was asked before
    body = {"registration": str(registration)}
    late = await south.place(vacancy, other, *MARCH, **body)
    assert late.status_code == 409


async def test_after_an_erasure_nothing_says_whom_a_placement_was_about(
    north: Agency, registry: Registry, neighbours: Neighbours, database: Fresh
) -> None:
    made = await placed(north, uuid4())
    registration = made["registration"]
    neighbours.tell("registration.erased", UUID(registration), agency="unicef")
    await registry.followed()
    left = (await north.get(f"/placements/{made['id']}")).json()
    assert left["registration"] == made["id"]
    assert await ask(database.superuser, PERSON, UUID(made["id"])) == UUID(made["id"])
    body = {"registration": registration}
    again = await north.place(await north.vacancy(), uuid4(), **body)
    assert again.status_code == 404


async def test_who_takes_back_the_consent_is_looked_for_no_more(
    north: Agency, registry: Registry, neighbours: Neighbours
) -> None:
    keys = [neighbours.register("unicef", uuid4()) for _ in range(3)]
    for key in keys:
        await north.recorded(
            "/seekers",
            registration=str(key),
            occupations=["7411"],
            municipalities=["mitrovica-south"],
            available_from="2026-03-01",
            weekly_hours=40,
            consented=True,
        )
    about = {"agency": "unicef", "purpose": "employment"}
    neighbours.tell("consent.withdrawn", keys[0], **about)
    neighbours.tell("consent.withdrawn", keys[1], **about | {"purpose": "grants"})
    neighbours.tell("registration.withdrawn", keys[2], agency="unicef")
    await registry.followed()
    left = await north.listed("/seekers")
    assert [one["registration"] for one in left] == [str(keys[1])]


async def test_an_outage_of_the_feed_is_waited_for(
    north: Agency, south: Agency, registry: Registry, neighbours: Neighbours
) -> None:
    one, other = uuid4(), uuid4()
    await placed(north, one)
    second = await placed(south, other)
    neighbours.answers["feed"] = 503
    neighbours.news.set()
    await asyncio.sleep(0.1)
    applying = asyncio.create_task(
        registry.move("who", second["registration"], one), name="move"
    )
    await asyncio.sleep(0.1)
    assert not applying.done()
    del neighbours.answers["feed"]
    await applying
    assert await overlapping(south, second)


async def test_an_event_told_twice_changes_nothing_again(
    north: Agency, south: Agency, registry: Registry, neighbours: Neighbours
) -> None:
    one, other, third = uuid4(), uuid4(), uuid4()
    made = await placed(south, other)
    await registry.move("who", made["registration"], one)
    old = neighbours.told[-1]["data"]
    await registry.move("who", made["registration"], third)
    neighbours.tell("person.merged", UUID(made["registration"]), **old)
    await registry.followed()
    assert (await south.place(await south.vacancy(), third)).status_code == 409
    assert (await north.place(await north.vacancy(), one)).status_code == 201


async def test_how_far_it_is_can_be_asked(
    north: Agency, registry: Registry, neighbours: Neighbours
) -> None:
    neighbours.tell("consent.withdrawn", uuid4(), agency="who", purpose="grants")
    await registry.followed()
    told = (await north.get("/following")).json()
    assert (told["feed"], told["applied"]) == ("beneficiaries", 1)
    assert told["behind"] < 10
    ready = (await north.client.get("/health/ready")).json()
    assert ready["behind"]["beneficiaries"] < 10


async def test_the_agency_s_feed_tells_of_its_own_placements(
    north: Agency, south: Agency, registry: Registry
) -> None:
    one, other = uuid4(), uuid4()
    await placed(north, one)
    second = await placed(south, other)
    await registry.move("who", second["registration"], one)
    first = (await south.get("/feed", limit="1")).json()
    assert first["more"] is True
    rest = (await south.get("/feed", cursor=first["next"])).json()
    told = [*first["items"], *rest["items"]]
    assert [one["type"].removeprefix("org.uramost.") for one in told] == [
        "placement.recorded",
        "overlap.opened",
    ]
    foreign = await north.get("/feed", cursor=first["next"])
    assert foreign.status_code == 410
