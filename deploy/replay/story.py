"""The whole programme, played through the gateway by whoever would do it in life.

While the worker takes in the offices' files, grants are applied for and businesses
linked; an agency places people as soon as its own file is in.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.replay import businesses, importing, jobs, overlaps, trainings
from deploy.replay.businesses import Business
from deploy.replay.demo import Enrolled
from deploy.replay.jobs import Contract, Market
from deploy.replay.overlaps import Tries
from deploy.replay.people.files import Plan
from deploy.replay.people.offices import OFFICES, Office
from deploy.replay.play import replay
from deploy.replay.preparing import Office as GrantsOffice
from deploy.replay.scale import Scale

AGENCIES: Final = tuple(office.agency for office in OFFICES)
FUNDING: Final = "undp"  # who gives the grants, and supports the businesses
TEACHING: Final = "unicef"

Tell = Callable[[str, int, int], None]  # what, how much more is done, and is to do
Funded = tuple[GrantsOffice, list[Business]]


@dataclass
class Played:
    """What came of it, beside what the programme counts."""

    plan: Plan
    imports: dict[str, dict[str, Any]] = field(default_factory=dict)
    tries: Tries = field(default_factory=Tries)

    @property
    def rows(self) -> int:
        return sum(self.plan.rows.values())


@dataclass
class Stage:
    """Where the play is played: who is there, how much of it, and who is told."""

    cast: Enrolled
    folder: Path
    scale: Scale
    tell: Tell

    def placing(self, agency: str) -> Market:
        client = f"{agency}-demo"
        party = self.cast.client(client, "employment")
        return Market(
            agency,
            party.at("employment"),
            party.at("beneficiaries"),
            lambda more: self.tell("Placements", more, 0),
        )


async def play(stage: Stage) -> Played:
    """Play everything; what was played before an interruption is not played again."""
    scale, tell = stage.scale, stage.tell
    async with asyncio.TaskGroup() as parts:
        funding = parts.create_task(_fund(stage))
        parts.create_task(_support(stage, funding))
        parts.create_task(_train(stage))
        plan = await importing.written(stage.folder, scale.people)
        played = Played(plan)
        tell("Registrations", 0, played.rows)
        tell("Placements", 0, scale.short_term + scale.long_term)
        wanted = jobs.contracts(AGENCIES, plan, scale)
        markets = {agency: stage.placing(agency) for agency in AGENCIES}
        for office in OFFICES:
            market, told = markets[office.agency], wanted[office.agency]
            parts.create_task(_agency(stage, played, office, market, told, funding))
    played.tries = await overlaps.try_twice(markets, plan)
    return played


async def _fund(stage: Stage) -> Funded:
    """Record the businesses, and give the grants."""
    stage.tell("Grants", 0, stage.scale.grants)
    party = stage.cast.client(f"{FUNDING}-demo")
    known = await businesses.record(party.at("grants"), party.at("employment"))
    office = await replay(stage.cast, stage.scale.rounds)
    stage.tell("Grants", len(office.awards), 0)
    return office, known


async def _support(stage: Stage, funding: asyncio.Task[Funded]) -> None:
    """Support the businesses with what the grants brought, and link them."""
    office, known = await funding
    placing = stage.cast.client(f"{FUNDING}-demo").at("employment")
    await businesses.support(placing, known, office.awards, stage.scale)
    await businesses.link(placing, known, stage.scale)


async def _train(stage: Stage) -> None:
    stage.tell("Trainings", 0, 1)
    teaching, governing = (
        stage.cast.client(f"{agency}-demo").at("employment")
        for agency in (TEACHING, FUNDING)
    )
    await trainings.train(teaching, governing, stage.scale)
    stage.tell("Trainings", 1, 0)


async def _agency(  # noqa: PLR0913 -- where, what comes of it, who, and for whom
    stage: Stage,
    played: Played,
    office: Office,
    market: Market,
    wanted: list[Contract],
    funding: asyncio.Task[Funded],
) -> None:
    """Send an agency's file, and place its people once they are registered."""
    party = stage.cast.client(f"{office.agency}-demo", "assistance")

    def tell(more: int) -> None:
        stage.tell("Registrations", more, 0)

    sender = party.at("beneficiaries")
    sent = await importing.send(sender, stage.folder, office, tell)
    played.imports[office.agency] = sent
    grants, known = await funding
    await jobs.open_market(market, known, wanted)
    await jobs.place_all(market, wanted, grants.awards)
    await jobs.check(market, wanted)
