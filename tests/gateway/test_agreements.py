"""Agreements: the owner makes and ends them, and passports carry them at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.enrolment import Enrolment, PurposeGrant, Tenant, enrol
from gateway.identity import caller_of
from gateway.policy import Role
from services.kit.agreements import Agreed, Level, Shared
from services.kit.callers import Caller
from services.kit.purposes import Purpose
from tests.gateway.conftest import House

Json = dict[str, Any]
OFFICER = Role.PROTECTION_OFFICER
REGISTRATIONS = "/beneficiaries/registrations"


def terms(**changed: object) -> Json:
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    told = {"other": "north", "purpose": "assistance", "level": "who", "until": until}
    return told | changed


@pytest.fixture
async def south(house: House) -> dict[str, str]:
    """A protection officer of the south, who may make agreements with the north."""
    north = Tenant(id="north", kind="agency", name="North")
    await enrol(house.owner, [Enrolment(tenant=north)])
    return await house.bearer(OFFICER, agency="south")


@pytest.fixture
async def north(house: House) -> dict[str, str]:
    """A client of the north that acts for assistance."""
    until = datetime.now(UTC) + timedelta(hours=1)
    grant = PurposeGrant(purpose=Purpose.ASSISTANCE, until=until)
    await house.enrol("north-office", Role.REGISTRAR, purposes=[grant])
    token = await house.token("north-office", purpose="assistance")
    return {"authorization": f"Bearer {token}"}


async def carried(house: House, bearer: dict[str, str]) -> tuple[Agreed, ...]:
    """Give what the passport said that the service was shown for this caller."""
    house.echo.seen.clear()
    answer = await house.client.get(REGISTRATIONS, headers=bearer)
    assert answer.status_code == 200
    shown = answer.json()["headers"]["authorization"].removeprefix("Bearer ")
    return Caller.of(house.gateway.passports.read(shown, "beneficiaries")).agreed


async def soon(
    house: House, bearer: dict[str, str], expected: tuple[Agreed, ...]
) -> None:
    """Wait as long as a change may take: seconds, and no token anew."""
    async with asyncio.timeout(60):
        while await carried(house, bearer) != expected:  # noqa: ASYNC110 -- the clock of the gateway is what is asked
            await asyncio.sleep(0.1)


async def make(house: House, bearer: dict[str, str], **changed: object) -> Json:
    answer = await house.client.post(
        "/agreements", json=terms(**changed), headers=bearer
    )
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_an_agreement_is_in_passports_within_seconds_and_out_again(
    house: House, south: dict[str, str], north: dict[str, str]
) -> None:
    assert await carried(house, north) == ()
    fields = {"level": "fields", "fields": ["names", "birth"]}
    made = await make(house, south, **fields)
    shared = frozenset({Shared.NAMES, Shared.BIRTH})
    await soon(house, north, (Agreed("south", Level.FIELDS, shared),))
    ended = await house.client.post(f"/agreements/{made['id']}/end", headers=south)
    assert ended.json()["ended_at"] is not None
    await soon(house, north, ())


async def test_an_agreement_is_for_one_reader_one_purpose_and_a_time(
    house: House, south: dict[str, str], north: dict[str, str]
) -> None:
    west = Tenant(id="west", kind="agency", name="West")
    await enrol(house.owner, [Enrolment(tenant=west)])
    await make(house, south, purpose="employment")
    await make(house, south, other="west")
    await house.owner.execute(
        "insert into agreement (owner, other, purpose, level, valid_from, valid_until)"
        " values ('west', 'north', 'assistance', 'who', now() - interval '2 days',"
        " now() - interval '1 day'), ('west', 'north', 'assistance', 'who',"
        " now() + interval '1 day', now() + interval '2 days')"
    )
    await make(house, south, level="exists")
    await soon(house, north, (Agreed("south", Level.EXISTS),))
    purposeless = await house.bearer(Role.REGISTRAR, agency="north")
    assert await carried(house, purposeless) == ()


async def test_several_agreements_of_one_owner_add_up(
    house: House, south: dict[str, str], north: dict[str, str]
) -> None:
    await make(house, south, level="fields", fields=["names"])
    await make(house, south, level="exists")
    await make(house, south, level="fields", fields=["place"])
    shared = frozenset({Shared.NAMES, Shared.PLACE})
    await soon(house, north, (Agreed("south", Level.FIELDS, shared),))


async def test_both_parties_list_it_and_only_the_owner_ends_it(
    house: House, south: dict[str, str]
) -> None:
    made = await make(house, south)
    north = await house.bearer(OFFICER, agency="north")
    west = await house.bearer(OFFICER, agency="west")
    for party, expected in ((south, [made]), (north, [made]), (west, [])):
        listed = await house.client.get("/agreements", headers=party)
        assert listed.json() == expected
    path = f"/agreements/{made['id']}/end"
    answers = [await house.client.post(path, headers=other) for other in (north, west)]
    absent = await house.client.post(f"/agreements/{uuid4()}/end", headers=west)
    told = [answer.json() | {"trace": ""} for answer in (*answers, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1] == told[2]


DAYS = timedelta(days=1)


WRONG: tuple[Json, ...] = (
    {"other": "nobody"},
    {"other": "south"},
    {"level": "fields"},
    {"level": "who", "fields": ["names"]},
    {"level": "fields", "fields": ["communities"]},
    {"until": (datetime.now(UTC) - DAYS).isoformat()},
    {"until": (datetime.now(UTC) + 400 * DAYS).isoformat()},
    {"purpose": "curiosity"},
    {"owner": "north"},
)


async def test_what_cannot_be_agreed_is_refused(
    house: House, south: dict[str, str]
) -> None:
    for wrong in WRONG:
        body = terms(**wrong)
        answer = await house.client.post("/agreements", json=body, headers=south)
        assert answer.status_code == 422, wrong
    assert await house.owner.fetchval("select count(*) from agreement") == 0


async def test_making_and_ending_are_on_record(
    house: House, south: dict[str, str]
) -> None:
    made = await make(house, south)
    await house.client.post(f"/agreements/{made['id']}/end", headers=south)
    acts = {
        entry["act"]: entry
        for entry in await house.entries()
        if str(entry["target"]) == made["id"]
    }
    assert acts.keys() >= {"agreement:make", "agreement:end"}
    assert acts["agreement:make"]["details"]["other"] == "north"
    assert acts["agreement:make"]["agency"] == "south"


async def test_no_token_brings_an_agreement_of_its_own() -> None:
    claims = {
        **dict.fromkeys(("client_id", "sub", "agency"), "north"),
        "organisation": None,
        "roles": ["registrar"],
        "purpose": None,
        "agreed": {"south": ["fields", "names"]},
    }
    assert caller_of(claims).agreed == ()
