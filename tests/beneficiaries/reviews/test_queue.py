"""Who sees which review, in which order, and who is at it just now."""

import asyncio
import struct
from base64 import urlsafe_b64decode
from uuid import UUID, uuid4

import pytest

from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import (
    PLAIN,
    REASON,
    Json,
    found,
    judge,
    somebody,
    waiting,
)
from tests.databases import Fresh, execute

WEIGHTS = (4.0, 1.5, 3.25, 1.5, 2.1)
SAME = {"verdict": "same"} | REASON


@pytest.fixture
async def queue(north: Agency, databases: dict[str, Fresh]) -> list[Json]:
    """Let pairs of these weights wait in the north, found in this order."""
    first = await north.record(**somebody(0))
    others = [await north.record(**somebody(n)) for n in range(1, 1 + len(WEIGHTS))]
    for other, weight in zip(others, WEIGHTS, strict=True):
        prior = weight - sum(level[2] for level in PLAIN)
        await found(databases["beneficiaries"], north, first, other, prior=prior)
    return await waiting(north)


async def through(agency: Agency, query: str) -> list[Json]:
    """Read a list to its end, two at a time."""
    items: list[Json] = []
    cursor = ""
    while True:
        page = (await agency.get(f"/reviews?limit=2&{query}{cursor}")).json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


async def test_the_queue_is_read_by_age_or_by_weight_to_its_end(
    north: Agency, queue: list[Json]
) -> None:
    assert [one["weight"] for one in queue] == pytest.approx(WEIGHTS)
    assert await through(north, "order=age") == queue
    by_weight = await through(north, "order=weight")
    expected = sorted(queue, key=lambda one: (-one["weight"], one["id"]))
    assert by_weight == expected


async def test_a_cursor_names_nothing_but_what_was_shown(
    north: Agency, queue: list[Json]
) -> None:
    page = (await north.get("/reviews?limit=2&order=weight")).json()
    read = urlsafe_b64decode(page["next"] + "=")
    last = page["items"][-1]
    assert read == struct.pack(">f", last["weight"]) + UUID(last["id"]).bytes
    for wrong in ("AAAA", "!", page["next"][:-2]):
        answer = await north.get(f"/reviews?cursor={wrong}")
        assert answer.status_code == 422
    assert queue


async def test_another_agency_s_queue_is_empty_whatever_it_asks(
    south: Agency, queue: list[Json]
) -> None:
    assert queue
    for query in ("", "?order=weight", "?claimed=nobody", "?claimed=me&limit=1"):
        answer = await south.get(f"/reviews{query}")
        assert answer.json() == {"items": [], "next": None}
    absent = await south.get(f"/reviews/{uuid4()}")
    for verb, path in (
        ("GET", ""),
        ("GET", "/evidence"),
        ("GET", "/waterfall"),
        ("POST", "/claim"),
        ("DELETE", "/claim"),
        ("POST", "/second-opinion"),
    ):
        hidden = await south.request(verb, f"/reviews/{queue[0]['id']}{path}")
        assert hidden.status_code == 404
        assert hidden.json() | {"trace": ""} == absent.json() | {"trace": ""}


async def test_who_claims_a_review_keeps_others_off_until_it_is_given_back(
    north: Agency, queue: list[Json]
) -> None:
    review = queue[0]["id"]
    other = north.by("colleague")
    claimed = await north.post(f"/reviews/{review}/claim")
    assert claimed.json()["claimed_by_you"] is True
    for act, body in (("claim", None), ("judgement", SAME)):
        refused = await other.post(f"/reviews/{review}/{act}", body)
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:uramost:problem:claimed-by-another"
    assert [one["id"] for one in await waiting(north, "?claimed=me")] == [review]
    assert len(await waiting(other, "?claimed=nobody")) == len(WEIGHTS) - 1
    assert await waiting(other, "?claimed=me") == []
    await other.request("DELETE", f"/reviews/{review}/claim")  # it is not theirs
    assert (await other.post(f"/reviews/{review}/claim")).status_code == 409
    given_back = await north.request("DELETE", f"/reviews/{review}/claim")
    assert given_back.status_code == 204
    await judge(other, review, "different")


async def test_a_claim_ends_by_itself(
    north: Agency, queue: list[Json], databases: dict[str, Fresh]
) -> None:
    review = queue[0]["id"]
    await north.post(f"/reviews/{review}/claim")
    past = "update review set claimed_until = now() - interval '1 second'"
    await execute(databases["beneficiaries"].superuser, past + " where claimed_by > ''")
    assert await waiting(north, "?claimed=me") == []
    assert len(await waiting(north, "?claimed=nobody")) == len(WEIGHTS)
    await judge(north.by("colleague"), review, "different")


async def test_of_two_who_claim_at_one_instant_one_gets_it(
    north: Agency, queue: list[Json]
) -> None:
    people = [north.by(f"reviewer-{n}") for n in range(6)]
    path = f"/reviews/{queue[0]['id']}/claim"
    answers = await asyncio.gather(*(one.post(path) for one in people))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]


async def test_judgements_are_found_from_either_of_their_ends(
    north: Agency, queue: list[Json]
) -> None:
    for one in queue[:2]:
        await north.post(f"/reviews/{one['id']}/judgement", SAME)
    standing = (await north.get("/judgements")).json()["items"]
    for end in {one[end] for one in queue[:2] for end in ("low", "high")}:
        found = (await north.get(f"/judgements?registration={end}")).json()["items"]
        assert found == [one for one in standing if end in (one["low"], one["high"])]
        assert found
    assert (await north.get("/judgements?registration=7")).status_code == 422


async def test_of_two_who_judge_at_one_instant_one_is_heard(
    north: Agency, queue: list[Json]
) -> None:
    people = [north.by(f"reviewer-{n}") for n in range(4)]
    path = f"/reviews/{queue[0]['id']}/judgement"
    answers = await asyncio.gather(*(one.post(path, SAME) for one in people))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 3]
    standing = (await north.get("/judgements?verdict=same")).json()["items"]
    assert len(standing) == 1
