"""A client obtains a token with its own credentials, in the words of OAuth."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.enrolment import PurposeGrant, disable
from gateway.policy import Role
from services.beneficiaries.permissions import Beneficiaries
from services.kit.purposes import Purpose
from tests.gateway.conftest import ISSUER, House, basic
from tests.gateway.test_identity import claims_of

FORM = {"grant_type": "client_credentials"}


@pytest.fixture
async def secret(house: House) -> str:
    return await house.enrol("registrar", Role.REGISTRAR)


async def test_credentials_may_come_in_the_form(house: House, secret: str) -> None:
    form = FORM | {"client_id": "registrar", "client_secret": secret}
    answer = await house.client.post("/token", data=form)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
    assert "scope" not in told
    assert answer.headers["cache-control"] == "no-store"


async def test_credentials_in_two_places_are_none(house: House, secret: str) -> None:
    form = FORM | {"client_id": "registrar", "client_secret": secret}
    headers = {"authorization": basic("registrar", secret)}
    answer = await house.client.post("/token", data=form, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("shown", ["wrong secret", "no such client", "disabled"])
async def test_whoever_is_not_a_client_hears_the_same(
    shown: str, house: House, secret: str
) -> None:
    name = "nobody" if shown == "no such client" else "registrar"
    if shown == "disabled":
        await disable(house.owner, "registrar")
    given = "x" * 43 if shown == "wrong secret" else secret
    headers = {"authorization": basic(name, given)}
    answer = await house.client.post("/token", data=FORM, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client"}
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("grant_type=password", "unsupported_grant_type"),
        ("purpose=assistance", "unsupported_grant_type"),
        ("grant_type=client_credentials&purpose=assistance", "invalid_scope"),
        ("grant_type=client_credentials&purpose=curiosity", "invalid_scope"),
        ("grant_type=client_credentials&scope=everything", "invalid_scope"),
        ("grant_type=client_credentials&grant_type=x", "invalid_request"),
        ("grant_type", "invalid_request"),
        ("&".join(f"a{n}=b" for n in range(40)), "invalid_request"),
        ("a=" + "b" * 20_000, "invalid_request"),
    ],
)
async def test_a_wrong_request_is_told_so_in_oauths_words(
    form: str, error: str, house: House, secret: str
) -> None:
    headers = {
        "authorization": basic("registrar", secret),
        "content-type": "application/x-www-form-urlencoded",
    }
    answer = await house.client.post("/token", content=form, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


async def test_another_kind_of_body_is_refused(house: House, secret: str) -> None:
    headers = {"authorization": basic("registrar", secret)}
    answer = await house.client.post("/token", json=FORM, headers=headers)
    assert answer.json() == {"error": "invalid_request"}


async def test_a_token_can_be_narrower_than_its_client(
    house: House, secret: str
) -> None:
    assert secret
    token = await house.token("registrar", scope=Beneficiaries.READ_PLACES)
    headers = {"authorization": f"Bearer {token}"}
    places = await house.client.get("/beneficiaries/places", headers=headers)
    registrations = await house.client.get(
        "/beneficiaries/registrations", headers=headers
    )
    assert (places.status_code, registrations.status_code) == (200, 403)


async def test_a_purpose_can_be_claimed_while_it_is_granted(house: House) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    past = datetime.now(UTC) - timedelta(minutes=5)
    grants = [
        PurposeGrant(purpose=Purpose.ASSISTANCE, until=soon),
        PurposeGrant(purpose=Purpose.STATISTICS, until=past),
    ]
    secret = await house.enrol("registrar", Role.REGISTRAR, purposes=grants)
    claims = claims_of(await house.token("registrar", purpose=Purpose.ASSISTANCE))
    assert claims["purpose"] == "assistance"
    assert claims["exp"] <= soon.timestamp()  # a token never outlives its grant
    ended = await house.client.post(
        "/token",
        data=FORM | {"purpose": Purpose.STATISTICS},
        headers={"authorization": basic("registrar", secret)},
    )
    assert ended.json() == {"error": "invalid_scope"}


async def test_the_keys_and_the_server_describe_themselves(house: House) -> None:
    keys = (await house.client.get("/.well-known/jwks.json")).json()
    [key] = keys["keys"]
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == (
        *("EC", "P-256", "sig", "ES256"),
    )
    assert "d" not in key
    told = await house.client.get("/.well-known/oauth-authorization-server")
    assert told.json()["issuer"] == ISSUER
    assert told.json()["token_endpoint"] == f"{ISSUER}/token"


async def test_an_agency_sees_only_its_own_agreements(house: House) -> None:
    parties = {name: await house.bearer(Role.REGISTRAR, agency=name) for name in "abc"}
    await house.owner.execute(
        "insert into agreement (owner, other, purpose, level, valid_from, valid_until)"
        " values ('a', 'b', 'assistance', 'exists', now(), now() + interval '1 day')"
    )
    seen = {}
    for name, bearer in parties.items():
        answer = await house.client.get("/agreements", headers=bearer)
        seen[name] = len(answer.json())
    assert seen == {"a": 1, "b": 1, "c": 0}
