"""Webhooks are their agency's: nobody else can tell that they exist, or what of."""

import asyncio
import logging
from typing import Any

import asyncpg
import pytest
from httpx import Response

from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role
from gateway.webhooks.rules import MOST
from gateway.webhooks.vault import Vault
from services.kit.ids import new_id
from services.kit.pages import cursor
from tests.databases import Freshly
from tests.gateway.conftest import COURIER_SECRET, KEYS, House, basic
from tests.gateway.receiving import courier_url

Json = dict[str, Any]
OFFICER = Role.GRANTS_OFFICER
# The watch over the suite listens for this name, in every span and every log line.
CANARY = "prekazi"
ENDPOINT = f"https://undp.example/{CANARY}/in?key={CANARY}"
ACTS = ("", "/challenge", "/secret", "/deactivation")


@pytest.fixture
async def officer(house: House) -> dict[str, str]:
    return await house.bearer(OFFICER)


async def subscribe(house: House, bearer: dict[str, str], **changed: str) -> Response:
    body = {"feed": "grants", "endpoint": ENDPOINT} | changed
    return await house.client.post("/webhooks", json=body, headers=bearer)


async def every(house: House, key: str, bearer: dict[str, str]) -> list[Response]:
    """Try everything that can be done to a webhook."""
    path = f"/webhooks/{key}"
    read = await house.client.get(path, headers=bearer)
    asked = [house.client.post(path + act, headers=bearer) for act in ACTS[1:]]
    return [read, *(await asyncio.gather(*asked))]


async def test_it_is_shown_to_its_agency_its_secret_once_and_acts_are_on_record(
    house: House, officer: dict[str, str]
) -> None:
    made = await subscribe(house, officer)
    assert made.status_code == 201
    shown = made.json()["webhook"]
    assert (shown["endpoint"], shown["state"]) == (ENDPOINT, "pending")
    listed = await house.client.get("/webhooks", headers=officer)
    assert listed.json() == [shown]
    assert made.json()["secret"] not in listed.text
    for act in ACTS[1:]:
        await house.client.post(f"/webhooks/{shown['id']}{act}", headers=officer)
    acts = [
        entry["act"]
        for entry in await house.entries()
        if str(entry["target"]) == shown["id"] and entry["act"].startswith("webhook:")
    ]
    assert acts == [
        f"webhook:{act}" for act in ("subscribe", "challenge", "rotate", "deactivate")
    ]


async def test_others_cannot_tell_that_it_exists(
    house: House, officer: dict[str, str]
) -> None:
    key = (await subscribe(house, officer)).json()["webhook"]["id"]
    south = await house.bearer(OFFICER, agency="south")
    registrar = await house.bearer(Role.REGISTRAR)  # of the agency, and of other feeds
    for stranger in (south, registrar):
        hidden = await every(house, key, stranger)
        absent = await every(house, str(new_id()), stranger)
        told = [answer.json() | {"trace": ""} for answer in (*hidden, *absent)]
        assert [one == told[0] for one in told] == [True] * 8
        assert hidden[0].status_code == 404
        listed = await house.client.get("/webhooks", headers=stranger)
        assert listed.json() == []


async def test_row_level_security_alone_keeps_agencies_apart(
    house: House, officer: dict[str, str]
) -> None:
    await subscribe(house, officer)
    gateway = await asyncpg.connect(house.database.url)
    count = "select count(*) from webhook"
    async with gateway.transaction():
        assert await gateway.fetchval(count) == 0
        await gateway.execute("set local app.agency = 'south'")
        assert await gateway.fetchval(count) == 0
        await gateway.execute("set local app.agency = 'north'")
        assert await gateway.fetchval(count) == 1
    await gateway.close()


FORBIDDEN = (
    "select * from client",
    "select * from agreement",
    "insert into agreement default values",
    "insert into webhook default values",
    "update webhook set endpoint = ''",
    "update webhook set secret = ''",
    "update webhook set agency = 'south'",
    "select * from audit_entry",
    "delete from audit_entry",
)


async def test_the_courier_may_do_no_more_than_serve(fresh: Freshly) -> None:
    courier = await asyncpg.connect(courier_url(await fresh("gateway")))
    for statement in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await courier.execute(statement)
    await courier.close()


async def test_who_may_not_read_a_feed_has_it_posted_nowhere(house: House) -> None:
    registrar = await house.bearer(Role.REGISTRAR)
    assert (await subscribe(house, registrar)).status_code == 403
    fine = await subscribe(house, registrar, feed="beneficiaries")
    assert fine.status_code == 201
    narrow = {"scope": "gateway.webhook:manage"}
    narrowed = {"authorization": f"Bearer {await house.token('north-1', **narrow)}"}
    assert (await subscribe(house, narrowed, feed="beneficiaries")).status_code == 403


WRONG: tuple[Json, ...] = (
    {"endpoint": "http://undp.example/in"},
    {"endpoint": "https://me:prekazi@undp.example/in"},
    {"endpoint": "ftp://undp.example/in"},
    {"endpoint": "https://undp.example/#part"},
    {"endpoint": "https://undp.example/" + "x" * 3000},
    {"feed": "programme"},
    {"cursor": "none of ours"},
    {"secret": "chosen"},
)


async def test_what_cannot_be_posted_to_is_refused_without_repeating_it(
    house: House, officer: dict[str, str]
) -> None:
    for wrong in WRONG:
        answer = await subscribe(house, officer, **wrong)
        assert answer.status_code == 422, wrong
        assert CANARY not in answer.text


async def test_a_client_has_no_more_than_it_may_even_at_once(
    house: House, officer: dict[str, str]
) -> None:
    made = await asyncio.gather(*(subscribe(house, officer) for _ in range(MOST + 2)))
    codes = sorted(answer.status_code for answer in made)
    assert codes == [201] * MOST + [409] * 2
    key = next(one for one in made if one.status_code == 201).json()["webhook"]["id"]
    await house.client.post(f"/webhooks/{key}/deactivation", headers=officer)
    assert (await subscribe(house, officer)).status_code == 201
    resumed = await house.client.post(f"/webhooks/{key}/challenge", headers=officer)
    assert resumed.status_code == 409


async def test_where_it_goes_and_what_signs_it_is_nowhere_but_sealed(
    house: House, officer: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "uramost")
    made = (await subscribe(house, officer)).json()
    key = made["webhook"]["id"]
    rotated = await house.client.post(f"/webhooks/{key}/secret", headers=officer)
    await every(house, key, officer)
    above = await asyncpg.connect(house.database.superuser)
    row = await above.fetchrow("select * from webhook")
    entries = await above.fetch("select a::text from audit_entry a")
    await above.close()
    everything = f"{dict(row)} {entries} {caplog.text}"
    assert "webhook:rotate" in everything
    for secret in (CANARY, made["secret"][10:], rotated.json()["secret"]):
        assert secret not in everything
        assert secret.encode() not in row["endpoint"] + row["former_secret"]
    opened = Vault.of(KEYS["webhook_key"]).open(row["endpoint"], "endpoint", row["id"])
    assert opened == ENDPOINT


async def lent(house: House, subject: str, **changed: str) -> Response:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": subject,
        "subject_token_type": "urn:uramost:webhook",
    }
    shown = {"authorization": basic("courier", changed.pop("secret", COURIER_SECRET))}
    return await house.client.post("/exchange", data=form | changed, headers=shown)


async def test_the_courier_is_lent_one_feed_of_one_client_and_nobody_anything_more(
    house: House, officer: dict[str, str]
) -> None:
    key = (await subscribe(house, officer)).json()["webhook"]["id"]
    token = (await lent(house, f"north/{key}")).json()["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    paths = ("/grants/feed", "/grants/awards", "/employment/feed", "/webhooks")
    answers = [await house.client.get(path, headers=bearer) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    shown = answers[0].json()["headers"]["authorization"].removeprefix("Bearer ")
    claims = house.gateway.passports.read(shown, "grants")
    assert (claims["client_id"], claims["act"]) == (
        next(iter(house.secrets)),
        {"sub": "courier"},
    )
    strangers = [
        await lent(house, f"north/{key}", secret="guessed"),
        await lent(house, f"south/{key}"),
        await lent(house, f"north/{new_id()}"),
        await lent(house, "north"),
        await lent(house, "'; drop table/" + key),
        await lent(house, f"north/{key}", subject_token_type="urn:else"),
        await lent(house, f"north/{key}", grant_type="client_credentials"),
    ]
    assert [answer.status_code for answer in strangers] == [401] + [400] * 6


async def test_an_organisation_s_webhook_is_not_its_tenants_other_organisation_s(
    house: House,
) -> None:
    tenant = Tenant(id="csos", kind="organisation", name="CSOs")
    one, other = (
        Client(id=name, roles=(Role.APPLICANT,), organisation=new_id())
        for name in ("one", "other")
    )
    wanted = [Enrolment(tenant=tenant, client=client) for client in (one, other)]
    house.secrets |= await enrol(house.owner, wanted)
    bearers = [
        {"authorization": f"Bearer {await house.token(name)}"}
        for name in ("one", "other")
    ]
    made = await subscribe(house, bearers[0], cursor=cursor(new_id()))
    assert made.status_code == 201
    listed = [await house.client.get("/webhooks", headers=one) for one in bearers]
    assert [len(answer.json()) for answer in listed] == [1, 0]
