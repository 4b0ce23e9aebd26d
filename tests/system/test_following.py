"""Services are killed while persons merge and part: in the end all agree."""

from bench.following import told
from tests.house import House

ACTS = 300


async def test_everybody_agrees_in_the_end_whatever_was_killed(here: House) -> None:
    story = await told(here, ACTS)
    assert story.done["killed employment"] > 0
    assert story.done["events"] > ACTS // 4
