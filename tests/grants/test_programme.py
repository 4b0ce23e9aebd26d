"""The same laws as in the office, kept by the service itself on a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from services.grants.app import create_app
from tests.databases import Fresh
from tests.grants.conftest import settings_for
from tests.grants.world import Organisation, World, terms

# The service's spans draw their ids at random, in a thread beside the strategies.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module"
    ":hypothesis.errors.HypothesisDeprecationWarning"
)
FEW = settings(
    max_examples=8,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
LED_BY = ("albanian", "serb", "roma", "albanian")
ENTERED = {"submitted", "eligible", "scored", "ranked", "awarded"}
OTHERS = st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True)


class Programme(RuleBasedStateMachine):
    """One application of one lead; whoever it asks accepts, and may leave."""

    portal: ClassVar[BlockingPortal]
    world: ClassVar[World]
    everybody: ClassVar[list[Organisation]]
    seen: ClassVar[set[str]] = set()

    @initialize(other=st.integers(1, 2), awarded=st.booleans())
    def begin(self, other: int, awarded: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
        self.portal.call(self._begin, [other])
        if awarded:
            self.go_all_the_way()

    async def _begin(self, others: list[int]) -> None:
        members = self.members(others)
        self.call = await self.world.call(attempts=20)
        consortium = await self.world.consortium(*members)
        self.consortium = f"/consortia/{consortium['id']}"
        key = await self.world.draft(self.call, consortium, members[0])
        self.path = f"/applications/{key}"

    def members(self, others: list[int]) -> list[Organisation]:
        return [self.everybody[0], *(self.everybody[one] for one in others)]

    @rule(others=OTHERS)
    def come_together(self, others: list[int]) -> None:
        self.portal.call(self._come_together, self.members(others))

    async def _come_together(self, members: list[Organisation]) -> None:
        proposed = await members[0].done(f"{self.consortium}/terms", terms(*members))
        await self.world.accepted(proposed, *members)
        offered = await members[0].post(f"{self.path}/circulation")
        if offered.is_success:
            for one in members:
                said = {"digest": offered.json()["digest"]}
                await one.done(f"{self.path}/signature", said)

    @rule(way=st.sampled_from(("submission", "renewal")))
    def enter(self, way: str) -> None:
        lead = self.everybody[0]
        answer = self.portal.call(lead.post, f"{self.path}/{way}")
        assert answer.status_code in (200, 409)

    @rule(who=st.integers(1, 3))
    def leave(self, who: int) -> None:
        answer = self.portal.call(
            self.everybody[who].post, f"{self.consortium}/withdrawal"
        )
        assert answer.status_code in (200, 404, 409)

    @rule()
    def go_all_the_way(self) -> None:
        self.portal.call(self._go_all_the_way)

    async def _go_all_the_way(self) -> None:
        """Submit, score, rank and award, as far as each of it is possible now."""
        await self._come_together(self.members([1]))
        await self.everybody[0].post(f"{self.path}/submission")
        if (await self._read())["status"] == "submitted":
            key = self.path.rpartition("/")[2]
            await self.world.scored(key)
            await self.world.ranked(self.call)
            await self.world.awarded(key)

    async def _read(self) -> Any:  # noqa: ANN401 -- JSON
        return await self.everybody[0].read(self.path)

    @invariant()
    def what_is_in_force_was_agreed_and_meets_the_rules(self) -> None:
        body = self.portal.call(self._read)
        self.seen.add(body["status"])
        consortium = self.portal.call(self.everybody[0].read, self.consortium)
        every = {one["id"]: one for one in consortium["terms"]}
        if body["status"] in ENTERED:
            resting = every[body["terms"]]
            assert resting["state"] == "agreed"
            names = [one.id for one in self.everybody]
            within = [names.index(one["organisation"]) for one in resting["members"]]
            assert len({LED_BY[one] for one in within}) > 1
        elif body["awarded_at"]:
            assert body["status"] == "suspended"


@asynccontextmanager
async def speaking(database: Fresh, folder: Path) -> AsyncIterator[World]:
    app = create_app(settings_for(database, folder))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://grants") as client,
    ):
        yield World(client)


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


def test_the_service_lets_no_rule_be_bypassed(
    database: Fresh, tmp_path: Path, portal: BlockingPortal
) -> None:
    with portal.wrap_async_context_manager(speaking(database, tmp_path)) as world:
        Programme.portal, Programme.world = portal, world
        Programme.everybody = [portal.call(world.organisation, one) for one in LED_BY]
        run_state_machine_as_test(Programme, settings=FEW)
    assert Programme.seen >= {"draft", "awarded", "suspended"}
