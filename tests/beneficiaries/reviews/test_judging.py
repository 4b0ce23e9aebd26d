"""Opinions, one or two; what was judged is remembered, and can be taken back."""

import pytest

from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import (
    PLAIN,
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

STRONG = [*PLAIN, ("birth", "same", 14.0), ("document", "same", 19.0)]


@pytest.fixture
def database(databases: dict[str, Fresh]) -> Fresh:
    return databases["beneficiaries"]


@pytest.fixture
async def pair(north: Agency, south: Agency) -> tuple[Json, Json]:
    return await north.record(**somebody(1)), await south.record(**somebody(2))


async def standing(agency: Agency) -> Json:
    [one] = (await agency.get("/judgements")).json()["items"]
    judgement: Json = one
    return judgement


async def test_one_opinion_closes_a_review(
    north: Agency, south: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair)
    [review] = await waiting(desk)
    made = await judge(desk, review, "same")
    assert made["judgement"]["verdict"] == "same"
    assert made["review"] is None
    one, other = await persons((north, pair[0]), (south, pair[1]))
    assert one == other
    assert await waiting(desk) == []
    again = {"verdict": "same"} | REASON
    refused = await desk.post(f"/reviews/{review['id']}/judgement", again)
    assert refused.status_code == 409


async def test_the_same_against_a_veto_needs_two_people(
    north: Agency, south: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair, evidence=TWINS)
    [review] = await waiting(desk)
    for _ in range(2):  # however often one says it, it is one
        waits = await judge(desk, review, "same")
        assert waits["judgement"] is None
        assert waits["review"] == review["id"]
    one, other = await persons((north, pair[0]), (south, pair[1]))
    assert one != other
    made = await judge(desk.by("colleague"), review, "same")
    assert made["judgement"]["verdict"] == "same"
    one, other = await persons((north, pair[0]), (south, pair[1]))
    assert one == other


async def test_the_first_opinion_is_not_shown_to_the_second(
    north: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair, evidence=TWINS)
    [before] = await waiting(desk.by("colleague"))
    await judge(desk, before, "same")
    [after] = await waiting(desk.by("colleague"))
    assert after == before
    assert (await standing(desk.by("colleague")))["made_by"] == "matcher"
    [own] = await waiting(desk)
    assert own == before | {"opinion": "same"}


async def test_two_who_disagree_leave_it_unsure_until_two_agree(
    north: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair)
    [review] = await waiting(desk)
    asked = await desk.post(f"/reviews/{review['id']}/second-opinion")
    assert asked.json()["second_opinion"] is True
    await judge(desk, review, "same")
    disputed = await judge(desk.by("second"), review, "different")
    assert disputed["judgement"]["verdict"] == "unsure"
    assert disputed["review"] == review["id"]
    [shown] = await waiting(desk.by("third"))
    assert shown["disputed"] is True
    assert (await judge(desk.by("third"), review, "unsure"))["judgement"] is None
    settled = await judge(desk.by("fourth"), review, "different")
    assert settled["judgement"]["verdict"] == "different"
    assert await waiting(desk) == []


async def test_a_revision_is_no_way_round_the_second_opinion(
    north: Agency, south: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair, evidence=TWINS)
    [review] = await waiting(desk)
    made = await judge(desk, review, "different")
    path = f"/judgements/{made['judgement']['id']}/revision"
    first = await desk.post(path, {"verdict": "same"} | REASON)
    assert first.json()["judgement"] is None
    one, other = await persons((north, pair[0]), (south, pair[1]))
    assert one != other
    second = await desk.by("colleague").post(path, {"verdict": "same"} | REASON)
    assert second.json()["judgement"]["verdict"] == "same"


async def test_undoing_puts_back_what_stood_and_the_matcher_s_doubt_waits_again(
    north: Agency, south: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair)
    [review] = await waiting(desk)
    before = await persons((north, pair[0]), (south, pair[1]))
    made = await judge(desk, review, "same")
    undone = await undo(desk, made["judgement"])
    assert undone["judgement"]["verdict"] == "unsure"
    assert undone["judgement"]["made_by"] == "matcher"
    assert undone["judgement"]["supersedes"] == made["judgement"]["id"]
    [again] = await waiting(desk)
    assert again["id"] == undone["review"] != review["id"]
    assert await persons((north, pair[0]), (south, pair[1])) == before
    redone = await undo(desk, undone["judgement"])
    assert redone["judgement"]["verdict"] == "same"
    assert await waiting(desk) == []
    gone = await desk.post(f"/judgements/{made['judgement']['id']}/undo", REASON)
    assert gone.json()["type"] == "urn:uramost:problem:not-in-force"


async def test_a_pair_that_others_join_is_answered_and_asked_again_when_they_part(
    north: Agency, south: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    here, there = pair
    await found(database, north, here, there)
    [waits] = await waiting(desk)
    again = await south.record(**somebody(8))
    await found(database, south, there, again)
    await found(database, north, here, again)
    await judge(south, (await waiting(south))[0], "same")
    [_, other] = await waiting(desk)
    joined = await judge(desk, other, "same")
    assert await waiting(desk) == []
    parted = await undo(desk, joined["judgement"])
    open_ = {one["id"] for one in await waiting(desk)}
    assert open_ == {waits["id"], parted["review"]}


async def test_what_nothing_stood_before_is_revised_and_not_undone(
    north: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair)
    key = (await standing(desk))["id"]
    refused = await desk.post(f"/judgements/{key}/undo", REASON)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:uramost:problem:nothing-before"


async def test_an_old_finding_of_the_matcher_is_asked_after_a_correction(
    north: Agency, south: Agency, desk: Agency
) -> None:
    """It linked by data that is gone: undoing "different" must not link by it again."""
    sent = somebody(3) | {"birth": {"value": "1971-02-03", "precision": "day"}}
    papers = {
        "documents": [{"kind": "passport", "number": "P7719028", "country": "XK"}]
    }
    here = await north.record(source_id="S-corrected", **sent | papers)
    there = await south.record(**sent | papers)
    key = (await standing(desk))["id"]
    body = {"verdict": "different"} | REASON
    revised = await desk.post(f"/judgements/{key}/revision", body)
    corrected = {"source_id": "S-corrected", **somebody(9)}
    answer = await north.put(f"/registrations/{here['id']}", corrected)
    assert answer.status_code == 200
    undone = await undo(desk, revised.json()["judgement"])
    assert undone["judgement"]["verdict"] == "unsure"
    one, other = await persons((north, here), (south, there))
    assert one != other


async def test_different_is_remembered_until_the_evidence_is_another(
    north: Agency, desk: Agency, pair: tuple[Json, Json], database: Fresh
) -> None:
    await found(database, north, *pair)
    [review] = await waiting(desk)
    made = await judge(desk, review, "different")
    for evidence in (PLAIN, TWINS):
        await found(database, north, *pair, "same", evidence, prior=-11)
    assert await waiting(desk) == []
    await found(database, north, *pair, "same", STRONG)
    [again] = await waiting(desk)
    assert await standing(desk) == made["judgement"]
    shown = (await desk.get(f"/reviews/{again['id']}/evidence")).json()
    assert "document" in {level["comparison"] for level in shown["levels"]}
    await judge(desk, again, "different")
    await found(database, north, *pair, "same", STRONG)
    assert await waiting(desk) == []


async def test_correcting_and_rekeying_leave_a_reviewer_s_word_alone(
    north: Agency, south: Agency, desk: Agency
) -> None:
    sent = somebody(4) | {"source_id": "S-kept", "phones": ["+38344999111"]}
    here = await north.record(**sent)
    await south.record(**sent | {"source_id": "S-other"})
    key = (await standing(desk))["id"]
    body = {"verdict": "different"} | REASON
    made = await desk.post(f"/judgements/{key}/revision", body)
    corrected = sent | {"address": "Rruga e Re 12"}
    answer = await north.put(f"/registrations/{here['id']}", corrected)
    assert answer.status_code == 200
    assert (await north.post("/linkage/rekey")).status_code == 200
    assert await standing(desk) == made.json()["judgement"]
    assert await waiting(desk) == []


async def test_a_split_says_which_registration_kept_its_id(
    north: Agency, database: Fresh
) -> None:
    older, newer = [await north.record(**somebody(n)) for n in (5, 6)]
    await found(database, north, older, newer)
    [review] = await waiting(north)
    joined = await judge(north, review, "same")
    by_id = {one["registration"]: one for one in joined["persons"]}
    assert by_id[older["id"]]["kept"] is True
    assert by_id[newer["id"]]["before"] == newer["person"]
    assert by_id[newer["id"]]["after"] == older["person"]
    parted = await undo(north, joined["judgement"])
    by_id = {one["registration"]: one for one in parted["persons"]}
    assert by_id[older["id"]]["kept"] is True
    assert by_id[newer["id"]]["kept"] is False
    assert by_id[newer["id"]]["after"] == newer["person"]
    read = (await north.get(f"/registrations/{newer['id']}")).json()
    assert read["person"] == newer["person"]
