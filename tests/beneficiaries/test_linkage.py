"""Who is found to be one person, who may know of it, and how it is undone."""

import asyncio
from typing import Any

from tests.beneficiaries.conftest import Agency, registration
from tests.databases import Fresh

Json = dict[str, Any]

CYRILLIC = {"given": "Мергим", "family": "Прекази"}


async def persons(*registrations: tuple[Agency, Json]) -> list[str]:
    """Ask for the internal person keys, as another service may."""
    answers = [
        await agency.get(f"/persons/of/{recorded['id']}")
        for agency, recorded in registrations
    ]
    return [answer.json()["person"] for answer in answers]


async def test_two_agencies_registrations_are_found_to_be_one_person(
    north: Agency, south: Agency, desk: Agency
) -> None:
    here = await north.record()
    there = await south.record(names=CYRILLIC)
    one, other = await persons((north, here), (south, there))
    assert one == other
    [judgement] = (await desk.get("/judgements")).json()["items"]
    assert judgement["verdict"] == "same"
    assert {judgement["low"], judgement["high"]} == {here["id"], there["id"]}
    assert {level["comparison"] for level in judgement["evidence"]} >= {
        "given",
        "family",
        "document",
    }


async def test_neither_agency_learns_of_the_other(north: Agency, south: Agency) -> None:
    here = await north.record()
    there = await south.record()
    assert here["findings"] == there["findings"] == []
    assert here["person"] != there["person"]
    for agency in (north, south):
        assert (await agency.get("/judgements")).json()["items"] == []
        assert (await agency.get("/reviews")).json()["items"] == []


async def test_a_pairwise_id_never_changes_by_what_others_record(
    north: Agency, south: Agency
) -> None:
    here = await north.record()
    await south.record()
    read = (await north.get(f"/registrations/{here['id']}")).json()
    assert read["person"] == here["person"]


async def test_an_agency_is_told_of_its_own_duplicates(north: Agency) -> None:
    first = await north.record()
    second = await north.record()
    assert second["findings"] == [{"registration": first["id"], "verdict": "same"}]
    assert second["person"] == first["person"]


async def test_links_through_another_agency_stay_hidden(
    north: Agency, south: Agency, desk: Agency
) -> None:
    """A1 = B and B = A2, but nothing of A's own says that A1 is A2."""
    paper = [{"kind": "passport", "number": "P7654321", "country": "XK"}]
    other = [{"kind": "id_card", "number": "K1234567", "country": "XK"}]
    wed = {"given": "Mërgime", "family": "Hoxha"}
    born = {"given": "Mërgime", "family": "Prekazi"}
    both = wed | {"former_family": "Prekazi"}
    plain: Json = {"sex": "female", "phones": [], "address": None}
    a1 = await north.record(names=born, documents=paper, **plain)
    bridge = await south.record(names=both, documents=paper + other, **plain)
    a2 = await north.record(names=wed, documents=other, **plain)
    await judge_everything(desk, "same")
    keys = await persons((north, a1), (south, bridge), (north, a2))
    assert len(set(keys)) == 1
    now = [(await north.get(f"/registrations/{one['id']}")).json() for one in (a1, a2)]
    assert [one["person"] for one in now] == [a1["person"], a2["person"]]
    assert now[0]["person"] != now[1]["person"]


async def judge_everything(desk: Agency, verdict: str) -> None:
    for review in (await desk.get("/reviews")).json()["items"]:
        body = {"verdict": verdict, "reason": "documents_seen"}
        answer = await desk.post(f"/reviews/{review['id']}/judgement", body)
        assert answer.status_code == 201, answer.text


async def test_never_match_is_matched_with_nothing(
    north: Agency, south: Agency, desk: Agency
) -> None:
    here = await north.record(never_match=True)
    there = await south.record()
    one, other = await persons((north, here), (south, there))
    assert one != other
    assert (await desk.get("/judgements")).json()["items"] == []


async def test_twins_are_not_linked_but_reviewed_or_left(
    north: Agency, south: Agency
) -> None:
    one = await north.record(
        names={"given": "Besa", "family": "Krasniqi"}, documents=[]
    )
    twin = await south.record(
        names={"given": "Besarta", "family": "Krasniqi"}, documents=[]
    )
    first, second = await persons((north, one), (south, twin))
    assert first != second


async def test_a_correction_parts_what_only_the_old_version_had_joined(
    north: Agency, south: Agency
) -> None:
    sent = registration()
    here = await north.record(**sent)
    there = await south.record()
    somebody_else = sent | {
        "names": {"given": "Агим", "family": "Шаљани"},
        "birth": {"value": "1961-11-23", "precision": "day"},
        "documents": [],
        "phones": [],
        "address": None,
    }
    corrected = await north.put(f"/registrations/{here['id']}", somebody_else)
    assert corrected.status_code == 200
    one, other = await persons((north, here), (south, there))
    assert one != other


async def test_the_desk_undoes_a_link_and_the_oldest_keeps_the_key(
    north: Agency, south: Agency, desk: Agency
) -> None:
    here = await north.record()
    [before] = await persons((north, here))
    there = await south.record()
    [judgement] = (await desk.get("/judgements")).json()["items"]
    body = {"verdict": "different", "reason": "person_met"}
    path = f"/judgements/{judgement['id']}/revision"
    assert (await desk.post(path, body)).status_code == 201
    one, other = await persons((north, here), (south, there))
    assert one == before != other
    assert (await desk.post(path, body)).status_code == 409


async def test_a_contradiction_links_nothing_and_is_a_case_for_the_desk(
    north: Agency,
    south: Agency,
    desk: Agency,
    client: Any,  # noqa: ANN401 -- httpx's
) -> None:
    east = Agency(client, "undp", north.permissions)
    three = [(agency, await agency.record()) for agency in (north, south, east)]
    assert len(set(await persons(*three))) == 1
    judgements = (await desk.get("/judgements")).json()["items"]
    assert len(judgements) == 3
    body = {"verdict": "different", "reason": "documents_seen"}
    await desk.post(f"/judgements/{judgements[0]['id']}/revision", body)
    assert len(set(await persons(*three))) == 3
    [case] = (await desk.get("/reviews")).json()["items"]
    assert case["kind"] == "contradiction"
    body = {"verdict": "same", "reason": "person_met"}
    answer = await desk.post(f"/reviews/{case['id']}/judgement", body)
    assert answer.status_code == 201
    assert len(set(await persons(*three))) == 1


async def test_only_the_caller_s_uncommitted_registrations_open_the_window(
    north: Agency, south: Agency, databases: dict[str, Fresh]
) -> None:
    import asyncpg  # noqa: PLC0415 -- the one test that goes past the service

    here = await north.record()
    await south.record()
    connection = await asyncpg.connect(databases["beneficiaries"].url)
    try:
        async with connection.transaction():
            await connection.execute("set local app.agency = 'unicef'")
            seen = await connection.fetch(
                "select * from linkage.candidates($1, 60)", [here["id"]]
            )
        assert seen == []
        async with connection.transaction():
            await connection.execute("set local app.agency = 'unicef'")
            assert len(await connection.fetch("select * from registration")) == 1
            assert len(await connection.fetch("select * from trait")) == 1
            assert len(await connection.fetch("select * from match_key")) > 3
            assert await connection.fetch("select * from judgement") == []
        assert await connection.fetch("select * from registration") == []
    finally:
        await connection.close()


async def test_pairs_sent_at_one_instant_are_linked_or_in_the_queue(
    north: Agency, south: Agency, desk: Agency
) -> None:
    """Equal ones end as one person; ones that differ by a slip, there or in review."""
    people: list[Json] = [
        {
            "names": {"given": f"{given}{'abcdefghij'[n]}", "family": family},
            "birth": {"value": f"19{60 + n}-0{1 + n % 9}-1{n}", "precision": "day"},
            "documents": [],
            "phones": [],
        }
        for n in range(10)
        for given, family in (("Fatmir", "Gashi"), ("Dragan", "Jovanović"))
    ]
    slip = [
        one | {"names": one["names"] | {"given": one["names"]["given"][1:]}}
        for one in people
    ]
    answers = await asyncio.gather(
        *(north.record(**one) for one in people),
        *(south.record(**one) for one in people[:10] + slip[10:]),
    )
    pairs = list(zip(answers[:20], answers[20:], strict=True))
    queued = {
        frozenset((one["low"], one["high"]))
        for one in (await desk.get("/reviews?limit=200")).json()["items"]
    }
    for n, (here, there) in enumerate(pairs):
        one, other = await persons((north, here), (south, there))
        assert one == other or (
            n >= 10 and frozenset((here["id"], there["id"])) in queued
        )


async def test_a_case_that_an_agency_judged_itself_is_solved_by_a_link_between(
    north: Agency, south: Agency, desk: Agency
) -> None:
    """A1 ≠ A2 is A's own word; the desk revises what joined them through B."""
    first = await north.record()
    await north.record()
    [own] = (await north.get("/judgements")).json()["items"]
    body = {"verdict": "different", "reason": "person_met"}
    await north.post(f"/judgements/{own['id']}/revision", body)
    await south.record()
    [case] = (await desk.get("/reviews")).json()["items"]
    assert case["kind"] == "contradiction"
    refused = await desk.post(f"/reviews/{case['id']}/judgement", body)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:uramost:problem:judged-elsewhere"
    [wrong] = [
        one
        for one in (await desk.get("/judgements")).json()["items"]
        if first["id"] in {one["low"], one["high"]}
    ]
    answer = await desk.post(f"/judgements/{wrong['id']}/revision", body)
    assert answer.status_code == 201
    assert (await desk.get("/reviews")).json()["items"] == []


async def test_who_becomes_never_match_leaves_even_a_reviewer_s_link(
    north: Agency, south: Agency, desk: Agency
) -> None:
    sent = registration()
    here, there = await north.record(**sent), await south.record()
    [judgement] = (await desk.get("/judgements")).json()["items"]
    body = {"verdict": "same", "reason": "documents_seen"}
    await desk.post(f"/judgements/{judgement['id']}/revision", body)
    path = f"/registrations/{here['id']}"
    answer = await north.put(path, sent | {"never_match": True})
    assert answer.status_code == 200
    one, other = await persons((north, here), (south, there))
    assert one != other


async def test_a_withdrawn_registration_leaves_its_person_and_the_queue(
    north: Agency, south: Agency, desk: Agency
) -> None:
    here, there = await north.record(), await south.record()
    await south.post(f"/registrations/{there['id']}/withdrawal")
    one, other = await persons((north, here), (south, there))
    assert one != other
    assert (await desk.get("/judgements")).json()["items"] == []
    assert (await desk.get("/reviews")).json()["items"] == []
