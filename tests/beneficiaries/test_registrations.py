"""What an agency may do with its registrations, and what nobody else can tell."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.beneficiaries.conftest import Agency, registration

Json = dict[str, Any]


def without_trace(problem: Json) -> Json:
    return {name: value for name, value in problem.items() if name != "trace"}


async def test_what_was_recorded_is_read_back(north: Agency) -> None:
    sent = registration()
    recorded = await north.record(**sent)
    assert recorded["outcome"] == "recorded"
    read = (await north.get(f"/registrations/{recorded['id']}")).json()
    for name in ("source_id", "sex", "place", "address", "phones"):
        assert read[name] == sent[name]
    assert read["names"]["given"] == "Mërgim"
    assert read["version"] == 1
    assert read["person"] == recorded["person"]


async def test_communities_are_in_no_ordinary_answer(north: Agency) -> None:
    declared = {"declared": ["ashkali"], "prefers_not_to_say": False}
    recorded = await north.record(communities=declared)
    path = f"/registrations/{recorded['id']}"
    for answer in (
        await north.get(path),
        await north.get("/registrations"),
        await north.get(f"{path}/history"),
    ):
        assert answer.status_code == 200
        assert "ashkali" not in answer.text
        assert "communities" not in answer.text


async def test_the_same_content_again_is_unchanged(north: Agency) -> None:
    sent = registration()
    first = await north.post("/registrations", sent)
    again = await north.post("/registrations", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["outcome"] == "unchanged"


async def test_the_content_of_an_older_version_answers_with_the_current(
    north: Agency,
) -> None:
    sent = registration()
    recorded = await north.record(**sent)
    corrected = sent | {"address": "Rruga e Lisit 9"}
    path = f"/registrations/{recorded['id']}"
    assert (await north.put(path, corrected)).json()["version"] == 2
    again = await north.post("/registrations", sent)
    assert again.status_code == 200
    assert again.json()["version"] == 2


async def test_another_content_under_a_known_source_id_is_refused(
    north: Agency,
) -> None:
    sent = registration()
    await north.record(**sent)
    refused = await north.post("/registrations", sent | {"sex": "female"})
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:uramost:problem:other-content"


async def test_two_agencies_may_use_the_same_source_id(
    north: Agency, south: Agency
) -> None:
    sent = registration()
    assert (await north.post("/registrations", sent)).status_code == 201
    assert (await south.post("/registrations", sent)).status_code == 201


async def test_a_correction_keeps_the_old_version_in_the_history(north: Agency) -> None:
    sent = registration()
    recorded = await north.record(**sent)
    path = f"/registrations/{recorded['id']}"
    await north.put(path, sent | {"place": "zvecan"})
    history = (await north.get(f"{path}/history")).json()
    assert [one["version"] for one in history] == [1, 2]
    assert [one["place"] for one in history] == ["mitrovica-south", "zvecan"]
    assert (await north.get(path)).json()["place"] == "zvecan"


async def test_a_correction_cannot_change_the_source_id(north: Agency) -> None:
    sent = registration()
    recorded = await north.record(**sent)
    path = f"/registrations/{recorded['id']}"
    refused = await north.put(path, sent | {"source_id": "another"})
    assert refused.status_code == 409


async def test_a_withdrawn_registration_stays_and_takes_no_corrections(
    north: Agency,
) -> None:
    sent = registration()
    recorded = await north.record(**sent)
    path = f"/registrations/{recorded['id']}"
    assert (await north.post(f"{path}/withdrawal")).status_code == 204
    assert (await north.get(path)).json()["withdrawn_at"] is not None
    assert (await north.put(path, sent | {"place": "zvecan"})).status_code == 409
    assert (await north.post(f"{path}/withdrawal")).status_code == 204


async def test_lists_go_on_where_they_stopped(north: Agency, south: Agency) -> None:
    recorded = {(await north.record())["id"] for _ in range(5)}
    await south.record()
    seen: list[str] = []
    path: str | None = "/registrations?limit=2"
    while path:
        page = (await north.get(path)).json()
        seen += [one["id"] for one in page["items"]]
        path = page["next"] and f"/registrations?limit=2&cursor={page['next']}"
    assert len(seen) == 5
    assert set(seen) == recorded


@pytest.mark.parametrize(
    "query", ["agency=who", "limit=0", "limit=201", "cursor=x", "limit=1&name=x"]
)
async def test_unknown_and_impossible_filters_are_refused(
    north: Agency, query: str
) -> None:
    refused = await north.get(f"/registrations?{query}")
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:uramost:problem:invalid"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth", {"value": "1990-02-30", "precision": "day"}),
        ("birth", {"value": "2999-01-01", "precision": "day"}),
        ("birth", {"as_written": "19901332", "precision": "unknown"}),
        ("place", "atlantis"),
        ("phones", ["12"]),
        ("sex", "m"),
        ("nickname", "Gimi"),
        ("names", {"given": "123", "family": "Prekazi"}),
        ("names", {}),
        ("communities", {"declared": ["martian"]}),
        ("communities", {"declared": ["roma"], "prefers_not_to_say": True}),
    ],
)
async def test_what_cannot_be_true_is_refused_whole(
    north: Agency, field: str, value: object
) -> None:
    refused = await north.post("/registrations", registration(**{field: value}))
    assert refused.status_code == 422
    assert (await north.get("/registrations")).json()["items"] == []


async def test_a_refusal_repeats_no_value(north: Agency) -> None:
    sent = registration(names={"given": "Kanarinjo", "family": "1"}, sex="Kanarinjo")
    refused = await north.post("/registrations", sent)
    assert refused.status_code == 422
    assert "Kanarinjo" not in refused.text


async def test_one_is_found_by_another_spelling(north: Agency) -> None:
    recorded = await north.record()
    names = {"given": "Мергим", "family": "Preka zi".replace(" ", "")}
    birth = {"value": "1990", "precision": "year"}
    found = await north.post("/registrations/search", {"names": names, "birth": birth})
    assert [one["id"] for one in found.json()] == [recorded["id"]]


async def test_one_is_found_by_a_document(north: Agency, south: Agency) -> None:
    recorded = await north.record()
    papers = [{"kind": "personal_number", "number": "1002003007", "country": "XK"}]
    found = await north.post("/registrations/search", {"documents": papers})
    assert [one["id"] for one in found.json()] == [recorded["id"]]
    hidden = await south.post("/registrations/search", {"documents": papers})
    assert hidden.json() == []


OPERATIONS: list[tuple[str, str, object]] = [
    ("GET", "/registrations/{key}", None),
    ("PUT", "/registrations/{key}", registration()),
    ("POST", "/registrations/{key}/withdrawal", None),
    ("GET", "/registrations/{key}/history", None),
    ("GET", "/registrations/{key}/consents", None),
    (
        "POST",
        "/registrations/{key}/consents",
        {"purpose": "assistance", "until": "2999-01-01T00:00:00Z"},
    ),
    ("POST", "/registrations/{key}/disclosures", None),
    ("GET", "/persons/of/{key}", None),
]


@pytest.mark.parametrize(("verb", "path", "body"), OPERATIONS)
async def test_another_agency_cannot_tell_it_exists(
    north: Agency, south: Agency, verb: str, path: str, body: object
) -> None:
    recorded = await north.record()
    hidden = await south.request(verb, path.format(key=recorded["id"]), body)
    absent = await south.request(verb, path.format(key=uuid4()), body)
    assert hidden.status_code == absent.status_code == 404
    assert without_trace(hidden.json()) == without_trace(absent.json())
    assert hidden.headers == absent.headers
    assert len(hidden.content) == len(absent.content)


async def test_equal_registrations_of_one_agency_at_one_instant_are_one_or_refused(
    north: Agency,
) -> None:
    sent = registration()
    answers = await asyncio.gather(
        *(north.post("/registrations", sent) for _ in range(16))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
