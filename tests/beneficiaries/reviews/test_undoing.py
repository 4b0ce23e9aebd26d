"""Undoing and disagreeing, where more hangs on it than the pair that is judged."""

from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import (
    REASON,
    TWINS,
    Json,
    found,
    judge,
    somebody,
    undo,
    waiting,
)
from tests.beneficiaries.test_linkage import persons
from tests.databases import Fresh


async def revise(agency: Agency, judgement: Json, verdict: str) -> Json:
    path = f"/judgements/{judgement['id']}/revision"
    answer = await agency.post(path, {"verdict": verdict} | REASON)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_a_link_that_was_found_at_the_recording_is_restored(
    north: Agency, south: Agency, desk: Agency
) -> None:
    """Nobody was corrected since: the matcher is believed again."""
    here, there = await north.record(), await south.record()
    [standing] = (await desk.get("/judgements")).json()["items"]
    made = await revise(desk, standing, "different")
    undone = await undo(desk, made["judgement"])
    assert undone["judgement"]["verdict"] == "same"
    one, other = await persons((north, here), (south, there))
    assert one == other


async def test_a_dispute_does_not_join_whom_somebody_keeps_apart(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    """Both are linked with a third; while two disagree, the "different" stands."""
    database = databases["beneficiaries"]
    one, other, third = [await north.record(**somebody(n)) for n in (1, 2, 3)]
    await found(database, north, one, other, evidence=TWINS)
    [review] = await waiting(north)
    apart = await judge(north, review, "different")
    waits = await revise(north, apart["judgement"], "same")
    for end in (one, other):
        await found(database, north, end, third)
        [review] = [r for r in await waiting(north) if r["id"] != waits["review"]]
        await judge(north, review, "same")
    disputed = await judge(north.by("colleague"), waits["review"], "different")
    assert (disputed["judgement"], disputed["review"]) == (None, waits["review"])
    assert len({*await persons(*((north, each) for each in (one, other, third)))}) == 3
    await judge(north, waits["review"], "different")
    assert [r["kind"] for r in await waiting(north)] == ["contradiction"]


async def test_a_contradiction_on_which_two_disagree_stays_until_they_agree(
    north: Agency,
) -> None:
    """Nobody is linked in doubt, and the answer says that the review is open."""
    for _ in range(3):
        await north.record()
    standing = (await north.get("/judgements")).json()["items"]
    await revise(north, standing[0], "different")
    [case] = await waiting(north)
    await north.post(f"/reviews/{case['id']}/second-opinion")
    await judge(north, case, "same")
    disputed = await judge(north.by("colleague"), case, "different")
    assert disputed["review"] == case["id"]
    assert [one["id"] for one in await waiting(north)] == [case["id"]]
    await judge(north.by("colleague"), case, "same")
    assert await waiting(north) == []
