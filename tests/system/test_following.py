"""Services are killed while persons part and money moves: in the end all agree."""

import asyncio

from bench.following import KILLED, told
from tests.house import House

ACTS = 240
LONGEST = 300  # seconds: nothing here waits for ever


async def test_everybody_agrees_in_the_end_whatever_was_killed(here: House) -> None:
    async with asyncio.timeout(LONGEST):
        story = await told(here, ACTS)
    assert all(story.done[f"killed {name}"] > 0 for name in KILLED[0])
    assert story.done["events of beneficiaries applied by employment"] > ACTS // 4
    assert story.done["awards"] > 0
    assert story.done["subsidies"] > 0
