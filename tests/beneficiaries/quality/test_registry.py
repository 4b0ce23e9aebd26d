"""Training, samples and the report, on a registry with people of a generated region."""

import json
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from bench.population import Record, population
from services.beneficiaries.quality import rules, sampling, training, weights
from tests.beneficiaries.conftest import EVERYTHING, Agency
from tests.databases import Fresh, ask

Json = dict[str, Any]
COMMUNITIES = {
    "albanian": "albanian",
    "serbian": "serb",
    "bosniak": "bosniak",
    "turkish": "turk",
    "roma, ashkali, egyptian": "roma",
}
SAMPLED = "select id, audience from review where kind = 'sample' and closed_at is null"
SEALED = "select count(*) from audit_entry where act = $1"
DETAILS = "select details::text from audit_entry where act = $1 limit 1"


@pytest.fixture
def url(databases: dict[str, Fresh]) -> str:
    return databases["beneficiaries"].superuser


def row(record: Record) -> Json:
    told: Json = record.particulars.model_dump(mode="json", exclude_none=True)
    declared = [COMMUNITIES[record.community]]
    return told | {
        "source_id": record.source_id,
        "communities": {"declared": declared},
    }


async def register(client: AsyncClient, people: int) -> int:
    """Let every agency of the region register its part."""
    records = list(population(people, seed=5))
    for name in {record.agency for record in records}:
        rows = [row(record) for record in records if record.agency == name]
        for at in range(0, len(rows), 100):
            agency = Agency(client, name, EVERYTHING)
            answer = await agency.post("/imports/rows", {"rows": rows[at : at + 100]})
            assert answer.status_code == 200, answer.text
    return len(records)


async def judge_all(client: AsyncClient, url: str, verdict: str) -> int:
    """Let every reviewer judge the samples that wait for them, all alike."""
    judged = 0
    for one in await rows_of(url, SAMPLED):
        agency = Agency(client, one["audience"], EVERYTHING)
        body = {"verdict": verdict, "reason": "documents_seen"}
        answer = await agency.post(f"/reviews/{one['id']}/judgement", body)
        judged += answer.status_code == 201
    return judged


async def rows_of(url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(sql)
    finally:
        await connection.close()
    return rows


async def test_a_training_proposes_numbers_that_can_be_adopted(
    client: AsyncClient, desk: Agency, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "FEWEST", 100)
    monkeypatch.setattr(training, "RANDOM_PAIRS", 3_000)
    registered = await register(client, 120)
    answer = await desk.post("/linkage/training")
    assert answer.status_code == 200, answer.text
    trained = answer.json()
    assert trained["registrations"] == registered
    assert trained["pairs"] > 50
    assert set(weights.read(trained["weights"])) == {
        level["comparison"] for level in trained["levels"]
    }
    details = json.loads(str(await ask(url, DETAILS, "linkage:train")))
    assert details.keys() == {"purpose", "code", "count", "root"}
    assert (details["purpose"], details["count"]) == ("linkage", registered)


async def test_too_small_a_registry_is_not_trained_on(desk: Agency) -> None:
    await desk.record()
    answer = await desk.post("/linkage/training")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("nothing-to-train-on")


async def test_a_fitting_that_fails_is_told_and_its_openings_stay_on_record(
    desk: Agency, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "FEWEST", 2)
    monkeypatch.setattr(training, "RANDOM_PAIRS", 10)
    monkeypatch.setattr(training, "FITTING", "services.beneficiaries.quality.nothing")
    for _ in range(2):
        await desk.record()
    assert (await desk.post("/linkage/training")).status_code == 503
    assert await ask(url, SEALED, "linkage:train") == 1


async def test_who_is_never_matched_is_not_drawn_either(
    desk: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "FEWEST", 2)
    monkeypatch.setattr(training, "RANDOM_PAIRS", 10)
    for alone in (False, False, True):
        await desk.record(never_match=alone)
    trained = (await desk.post("/linkage/training")).json()
    assert trained["registrations"] == 2


async def test_samples_wait_for_their_reviewers_like_other_pairs(
    client: AsyncClient, desk: Agency, url: str
) -> None:
    await register(client, 120)
    drawn = (await desk.post("/linkage/samples", {"most": 20})).json()
    assert drawn["linked"] == 20
    assert drawn["below"] > 0
    sampled = {str(one["id"]) for one in await rows_of(url, SAMPLED)}
    assert len(sampled) == drawn["linked"] + drawn["below"]
    waiting = (await desk.get("/reviews?limit=200")).json()["items"]
    assert sampled & {one["id"] for one in waiting}
    assert {one["kind"] for one in waiting} == {"pair"}
    again = (await desk.post("/linkage/samples", {"most": 200})).json()
    asked = "select count(*) from (select distinct low, high from review) as pairs"
    assert await ask(url, asked) == await ask(url, "select count(*) from review")
    assert again["linked"] > 0
    assert await ask(url, SEALED, "linkage:sample") == 2


async def test_a_sampled_link_stays_until_its_reviewer_says_otherwise(
    north: Agency, south: Agency, desk: Agency
) -> None:
    registered = [await north.record(), await south.record()]
    await desk.post("/linkage/samples", {})
    assert (
        len({await person(north, registered[0]), await person(south, registered[1])})
        == 1
    )
    [review] = (await desk.get("/reviews")).json()["items"]
    body = {"verdict": "different", "reason": "person_met"}
    await desk.post(f"/reviews/{review['id']}/judgement", body)
    assert (
        len({await person(north, registered[0]), await person(south, registered[1])})
        == 2
    )


async def person(agency: Agency, recorded: Json) -> str:
    answer = await agency.get(f"/persons/of/{recorded['id']}")
    return str(answer.json()["person"])


async def test_the_report_tells_rates_and_no_count(
    client: AsyncClient, desk: Agency, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ENOUGH", 10)
    monkeypatch.setattr(sampling, "DEPTH", 0.0)
    await register(client, 150)
    await desk.post("/linkage/samples", {"most": 100})
    assert await judge_all(client, url, "same") > 50
    told = (await desk.get("/linkage/quality")).json()
    assert told["precision"]["rate"] == 100
    assert {one["name"] for one in told["scripts"]} == {"cyrillic", "latin"}
    assert "turk" in {one["name"] for one in told["communities"]}
    assert any(one["precision"] for one in told["communities"])
    assert any(one["precision"] is None for one in told["communities"])
    details = json.loads(str(await ask(url, DETAILS, "linkage:report")))
    assert details["purpose"] == "statistics"


async def test_the_report_of_a_day_is_frozen(
    client: AsyncClient, north: Agency, desk: Agency, url: str
) -> None:
    before = await desk.get("/linkage/quality")
    await register(client, 60)
    await desk.post("/linkage/samples", {"most": 20})
    await judge_all(client, url, "different")
    after = await desk.get("/linkage/quality")
    assert after.content == before.content
    assert (await north.get("/linkage/quality")).content == before.content
    assert await ask(url, SEALED, "linkage:report") == 1


async def test_an_agency_reads_of_no_other_agency(
    client: AsyncClient, north: Agency, desk: Agency, url: str
) -> None:
    await register(client, 60)
    await desk.post("/linkage/samples", {"most": 20})
    await judge_all(client, url, "same")
    assert len((await desk.get("/linkage/quality")).json()["agencies"]) > 2
    own = Agency(client, "south", EVERYTHING)
    agencies = (await own.get("/linkage/quality")).json()["agencies"]
    assert [one["name"] for one in agencies] == ["south"]
    assert (await north.get("/linkage/quality")).json()["agencies"] == []


async def test_the_process_reads_the_tables_of_quality_only_through_the_window(
    databases: dict[str, Fresh],
) -> None:
    connection = await asyncpg.connect(databases["beneficiaries"].url)
    try:
        for table in ("quality_sample", "quality_draw", "quality_report"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from {table}")
    finally:
        await connection.close()
