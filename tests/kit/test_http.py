"""How every service answers: problems that repeat nothing, bugs that tell nothing."""

import logging

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from services.kit.http import FAULT, Guarded
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from services.kit.telemetry import Message, Receive, Scope, Send
from tests.kit.conftest import agency, note, speaking

CANARY = "Kanarinjo"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "query", ["order=text", "limit=1&offset=1", f"{CANARY}={CANARY}"]
)
async def test_an_unknown_filter_is_refused_not_ignored(
    client: AsyncClient, query: str
) -> None:
    refused = await client.get(f"/notes?{query}")
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error == {
        "pointer": "/query",
        "reason": "This operation has no such filter.",
    }
    assert (await client.get("/notes?limit=1")).status_code == 200


async def test_an_unknown_field_is_refused_not_ignored(client: AsyncClient) -> None:
    refused = await client.post("/notes", json=note() | {"author": CANARY})
    assert refused.status_code == 422
    assert (await client.get("/notes")).json() == []


async def test_a_refusal_is_a_problem_with_a_trace(client: AsyncClient) -> None:
    refused = await client.post("/notes", json={"text": 1})
    assert refused.headers["content-type"] == PROBLEM
    problem = refused.json()
    assert problem.keys() == {"type", "title", "status", "trace", "errors"}
    assert problem["type"] == "urn:uramost:problem:invalid"
    assert problem["status"] == refused.status_code == 422
    assert len(bytes.fromhex(problem["trace"])) == 16
    [error] = problem["errors"]
    assert error["pointer"] == "/body/text"


@pytest.mark.parametrize(
    "body",
    [
        {"text": CANARY, "number": CANARY},
        {"text": [CANARY]},
        {"text": {"name": CANARY}},
        {"text": None, "number": {CANARY: CANARY}},
        [CANARY],
        CANARY,
    ],
)
async def test_a_refusal_repeats_no_value(client: AsyncClient, body: object) -> None:
    refused = await client.post("/notes", json=body)
    assert refused.status_code == 422
    assert CANARY not in refused.text
    for broken in (f'{{"text": "{CANARY}"', f'{CANARY}"', ""):
        unread = await client.post(
            "/notes", content=broken, headers={"content-type": "application/json"}
        )
        assert unread.status_code == 422
        assert CANARY not in unread.text


async def test_an_impossible_path_is_refused_without_being_repeated(
    client: AsyncClient,
) -> None:
    refused = await client.get(f"/notes/{CANARY}")
    assert refused.status_code == 422
    assert CANARY not in refused.text


async def test_an_unknown_path_answers_like_an_unknown_record(
    client: AsyncClient,
) -> None:
    refused = await client.get(f"/{CANARY}")
    assert refused.headers["content-type"] == PROBLEM
    assert refused.json().items() >= NotFound().problem().items()
    assert CANARY not in refused.text


async def test_another_method_is_a_problem_too(client: AsyncClient) -> None:
    refused = await client.delete("/notes")
    assert refused.status_code == 405
    assert refused.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    "missing", ["authorization", "x-request-id"], ids=["no passport", "no request id"]
)
async def test_who_does_not_come_through_the_gateway_is_a_stranger(
    client: AsyncClient, missing: str
) -> None:
    del client.headers[missing]
    refused = await client.post("/notes", json=note())
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json().items() >= Unauthenticated().problem().items()


@pytest.mark.parametrize(
    "shown", ["Basic b2ZmaWNlcg==", "Bearer ", "Bearer x", "Bearer"]
)
async def test_what_is_no_passport_is_refused(client: AsyncClient, shown: str) -> None:
    refused = await client.post("/notes", json=note(), headers={"authorization": shown})
    assert refused.status_code == 401


async def test_who_lacks_the_permission_is_refused(client: AsyncClient) -> None:
    headers = agency("unicef", "office.note:read")
    refused = await client.post("/notes", json=note(), headers=headers)
    assert refused.status_code == 403
    assert refused.json().items() >= NotPermitted().problem().items()


async def test_a_bug_is_a_500_and_its_words_stay_with_nobody(
    office: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with speaking(Guarded(office)) as client:
            answer = await client.post("/faults", json=note(CANARY))
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert CANARY not in caplog.text
    [line] = [one.getMessage() for one in caplog.records if one.name == "uramost"]
    assert line.startswith("RuntimeError in have_a_fault:")


async def test_a_bug_outside_the_routes_is_a_problem_with_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def buggy(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError(CANARY)

    async with speaking(Guarded(buggy)) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.json().items() >= FAULT.items()
    assert CANARY not in answer.text + caplog.text


async def test_a_bug_after_the_answer_began_does_not_begin_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def buggy(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(CANARY)

    await Guarded(buggy)({"type": "http"}, receive, send)
    assert sent == ["http.response.start"]
    assert "RuntimeError in buggy:" in caplog.text
    assert CANARY not in caplog.text


async def test_a_statement_that_fails_tells_its_values_to_nobody(
    office: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with speaking(Guarded(office)) as client:
            for number in (0, 1):
                body = note(CANARY) | {"number": number}
                answer = await client.post("/failing-statements", json=body)
                assert answer.status_code == 500
                assert CANARY not in answer.text
    assert CANARY not in caplog.text


def kinds(refusal: type[Refusal] = Refusal) -> set[type[Refusal]]:
    below = set(refusal.__subclasses__())
    return below.union(*(kinds(one) for one in below)) if below else below


def test_every_refusal_is_a_sentence_with_a_name_of_its_own() -> None:
    own = {Unauthenticated, NotPermitted, NotFound, Invalid, TooLarge, Unavailable}
    assert kinds() >= own
    assert len({kind.kind() for kind in kinds()}) == len(kinds())
    for kind in kinds():
        problem = kind().problem()
        assert str(problem["title"]).endswith("."), kind
        assert 400 <= kind.status < 600, kind


async def test_liveness_asks_nothing_and_readiness_names_the_parts(
    client: AsyncClient,
) -> None:
    for header in ("authorization", "x-request-id"):
        del client.headers[header]
    assert (await client.get("/health/live")).json() == {"status": "up"}
    ready = await client.get("/health/ready")
    assert ready.json() == {"status": "up", "parts": {"database": True, "audit": True}}
