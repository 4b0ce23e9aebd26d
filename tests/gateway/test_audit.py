"""One entry per request, granted or refused, committed before its answer."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from gateway.audit import Writer
from gateway.policy import Role
from services.kit.audit import Entry, broken, seal
from services.kit.callers import Caller
from services.kit.refusals import Unavailable
from services.kit.tokens import Signer
from tests.gateway.conftest import KEYS, House

PLACES = "/beneficiaries/places"
KEY = "11111111-2222-4333-8444-555555555555"


async def test_a_granted_request_is_one_entry(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    path = f"/beneficiaries/registrations/{KEY}"
    await house.client.get(f"{path}?x=1", headers=bearer)
    token, entry = await house.entries()
    assert token["act"] == "POST /token"
    assert entry["act"] == "GET /beneficiaries/registrations/{key}"
    assert entry["target"] == UUID(KEY)
    assert entry["details"] == {"decision": "granted", "status": 200}
    assert (entry["agency"], entry["roles"]) == ("north", "registrar")
    heard = house.echo.seen[-1]["headers"]
    assert entry["request"] == UUID(heard["x-request-id"])
    assert entry["request"].hex == heard["traceparent"].split("-")[1]


@pytest.mark.parametrize(
    ("path", "status", "act"),
    [
        ("/grants/organisations", 403, "GET /grants/organisations"),
        ("/nothing/of/the/kind?q=Hoxha", 404, "unknown"),
    ],
)
async def test_a_refusal_is_one_entry(
    path: str, status: int, act: str, house: House
) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    answer = await house.client.get(path, headers=bearer)
    assert answer.status_code == status
    _, entry = await house.entries()
    assert (entry["act"], entry["agency"]) == (act, "north")
    assert entry["details"] == {"decision": "refused", "status": status}
    assert entry["request"].hex == answer.json()["trace"]


async def test_a_stranger_is_one_entry_without_a_name(house: House) -> None:
    await house.client.get(PLACES)
    await house.client.get("/nothing")
    await house.client.post("/token")
    entries = await house.entries()
    assert [entry["act"] for entry in entries] == [
        *("GET /beneficiaries/places", "unknown", "POST /token"),
    ]
    for entry in entries:
        assert entry["client"] is None
        assert entry["details"] == {"decision": "refused", "status": 401}


async def test_the_services_outcome_is_what_is_entered(house: House) -> None:
    house.echo.status = 409
    await house.client.get(PLACES, headers=await house.bearer(Role.REGISTRAR))
    entry = (await house.entries())[-1]
    assert entry["details"] == {"decision": "granted", "status": 409}


async def test_a_hundred_at_once_are_a_hundred_entries(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    before = len(await house.entries())
    await asyncio.gather(
        *(house.client.get(PLACES, headers=bearer) for _ in range(100))
    )
    entries = (await house.entries())[before:]
    assert len(entries) == len({entry["request"] for entry in entries}) == 100


async def test_the_chain_holds_and_can_be_witnessed(house: House) -> None:
    bearer = await house.bearer(Role.AUDITOR)
    pool = house.gateway.own.state.database.pool
    await seal(pool, Signer.of(KEYS["audit_key"]), "gateway")
    answer = await house.client.get("/audit/checkpoints", headers=bearer)
    [*_, first] = answer.json()
    assert first["position"] >= 1
    assert await broken(pool) is None


async def test_the_gateway_cannot_change_what_was_entered(house: House) -> None:
    connection = await asyncpg.connect(house.database.url)
    for statement in (
        "update audit_entry set act = 'nothing'",
        "delete from audit_entry",
        "truncate audit_entry cascade",
        "update client set disabled_at = null",
        "insert into tenant values ('x', 'desk', 'X')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_strangers_never_crowd_out_callers() -> None:
    """With a writer that is not running, whatever is entered keeps waiting."""
    writer = Writer(lambda: None, most=16)
    caller = Caller("c", "c", "north", frozenset())
    waiting = [
        asyncio.create_task(writer.write(Entry(uuid4(), "x", who)))
        for who in [None] * 2 + [caller] * 14
    ]
    await asyncio.sleep(0)
    for who in (None, caller):
        with pytest.raises(Unavailable):
            await writer.write(Entry(uuid4(), "x", who))
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()


async def test_a_bug_is_an_entry_too_and_tells_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> str:
        raise ValueError(KEY)

    bearer = await house.bearer(Role.REGISTRAR)
    monkeypatch.setattr(house.gateway.passports, "passport", fail)
    answer = await house.client.get(PLACES, headers=bearer)
    assert answer.status_code == 500
    entry = (await house.entries())[-1]
    assert entry["details"] == {"decision": "granted", "status": 500}
    assert answer.json()["trace"] == entry["request"].hex
    assert KEY not in answer.text + caplog.text
