"""An access token is read whole or not at all, and stops when it is revoked."""

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.enrolment import disable, revoke
from gateway.policy import Role
from gateway.revocations import Revocations
from services.kit.refusals import Unavailable
from tests.conftest import AS_SHIPPED
from tests.gateway.conftest import KEYS, House

HEADER = {"alg": "ES256", "typ": "at+jwt"}
CLAIMS = (
    *("iss", "aud", "exp", "iat", "jti", "sub"),
    *("client_id", "agency", "organisation", "roles", "purpose"),
)


def packed(part: dict[str, Any]) -> bytes:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def signed(
    claims: dict[str, Any],
    header: dict[str, Any] = HEADER,
    key: str = KEYS["token_key"],
) -> str:
    """Sign as the gateway would, but whatever one likes."""
    private = load_pem_private_key(key.encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    message = packed(header) + b"." + packed(claims)
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
    raw = r.to_bytes(32) + s.to_bytes(32)
    return f"{message.decode()}.{urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@pytest.fixture
async def genuine(house: House) -> dict[str, Any]:
    await house.enrol("registrar", Role.REGISTRAR)
    return claims_of(await house.token("registrar"))


async def status(house: House, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return (await house.client.get("/purposes", headers=headers)).status_code


async def test_a_token_says_all_that_the_audit_will(genuine: dict[str, Any]) -> None:
    assert set(genuine) == set(CLAIMS)
    assert genuine["sub"] == genuine["client_id"] == "registrar"
    assert genuine["agency"] == "north"
    assert genuine["exp"] - genuine["iat"] == 15 * 60


async def test_our_way_of_forging_makes_tokens_that_would_pass(
    house: House, genuine: dict[str, Any]
) -> None:
    assert await status(house, signed(genuine)) == 200


@pytest.mark.parametrize("claim", CLAIMS)
async def test_a_token_without_one_of_its_claims_is_nobodys(
    claim: str, house: House, genuine: dict[str, Any]
) -> None:
    del genuine[claim]
    assert await status(house, signed(genuine)) == 401


async def test_a_token_with_a_wrong_claim_is_nobodys(
    house: House, genuine: dict[str, Any]
) -> None:
    now = int(time.time())
    for claim, wrong in {
        "iss": "http://elsewhere.test",
        "aud": "grants",
        "exp": now - 60,
        "roles": None,
    }.items():
        assert await status(house, signed(genuine | {claim: wrong})) == 401, claim


async def test_a_token_with_a_wrong_header_is_nobodys(
    house: House, genuine: dict[str, Any]
) -> None:
    for wrong in ({"alg": "RS256"}, {"alg": "HS256"}, {"typ": "JWT"}, {"typ": None}):
        assert await status(house, signed(genuine, HEADER | wrong)) == 401, wrong


async def test_a_token_signed_with_another_key_is_nobodys(
    house: House, genuine: dict[str, Any]
) -> None:
    assert await status(house, signed(genuine, key=KEYS["passport_key"])) == 401


async def test_the_public_key_is_no_secret_to_sign_with(
    house: House, genuine: dict[str, Any]
) -> None:
    """The HS256 forgery: whoever has the public key would be everybody."""
    public = house.gateway.passports.public.encode()
    for pem in (public, public.strip(), public.replace(b"\n", b"\r\n")):
        message = packed(HEADER | {"alg": "HS256"}) + b"." + packed(genuine)
        mac = urlsafe_b64encode(hmac.digest(pem, message, "sha256")).rstrip(b"=")
        assert await status(house, f"{message.decode()}.{mac.decode()}") == 401


async def test_an_unsigned_token_is_nobodys(
    house: House, genuine: dict[str, Any]
) -> None:
    for algorithm in ("none", "None", ""):
        message = packed(HEADER | {"alg": algorithm}) + b"." + packed(genuine) + b"."
        assert await status(house, message.decode()) == 401


async def test_an_overlong_token_is_nobodys(
    house: House, genuine: dict[str, Any]
) -> None:
    assert await status(house, signed(genuine | {"more": "x" * 8192})) == 401


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YTpi", "bearer \xff.\xff"]
)
async def test_what_is_no_token_is_nobodys(shown: str, house: House) -> None:
    headers = [(b"authorization", shown.encode("latin-1"))]
    answer = await house.client.get("/purposes", headers=headers)
    assert answer.status_code == 401


async def test_two_authorisations_are_none(house: House) -> None:
    bearer = (await house.bearer(Role.REGISTRAR))["authorization"]
    headers = [("authorization", bearer), ("authorization", bearer)]
    answer = await house.client.get("/purposes", headers=headers)
    assert answer.status_code == 401


async def test_a_passport_is_no_access_token(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    path = "/beneficiaries/registrations"
    assert (await house.client.get(path, headers=bearer)).status_code == 200
    [seen] = house.echo.seen
    passport = seen["headers"]["authorization"].removeprefix("Bearer ")
    assert await status(house, passport) == 401


async def test_an_expired_token_stops_although_it_was_remembered(house: House) -> None:
    await house.enrol("registrar", Role.REGISTRAR)
    claims = claims_of(await house.token("registrar"))
    short = signed(claims | {"exp": int(time.time()) + 1})
    assert await status(house, short) == 200
    known = house.gateway.identity._known  # noqa: SLF001 -- what is remembered shows nowhere else
    assert all(until <= time.time() + 10 for until, _ in known.values())
    await asyncio.sleep(1.1)
    # Remembered no longer; the verifier's leeway for slow clocks is all that is left.
    assert all(until <= time.time() for until, _ in known.values())


async def stops(house: House, token: str) -> bool:
    """Tell whether a token stops as soon as the gateway has looked once more."""
    now, revocations = time.monotonic(), house.gateway.revocations
    async with asyncio.timeout(60):
        while revocations._seen <= now:  # noqa: ASYNC110, SLF001 -- when it looked shows nowhere else
            await asyncio.sleep(0.05)
    return await status(house, token) == 401


def test_nothing_is_decided_on_a_look_older_than_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "gateway.revocations.BLIND", AS_SHIPPED["gateway.revocations.BLIND"]
    )
    revocations = Revocations(lambda: None)
    revocations._seen = time.monotonic() - 2  # noqa: SLF001 -- as if it had looked then
    with pytest.raises(Unavailable):
        revocations.require_sight()


async def test_a_disabled_client_stops_with_the_next_look(house: House) -> None:
    await house.enrol("registrar", Role.REGISTRAR)
    await house.enrol("other", Role.REGISTRAR)
    token, other = await house.token("registrar"), await house.token("other")
    assert await status(house, token) == 200
    await disable(house.owner, "registrar")
    assert await stops(house, token)
    assert await status(house, other) == 200


async def test_a_revoked_token_stops_with_the_next_look(house: House) -> None:
    await house.enrol("registrar", Role.REGISTRAR)
    token, other = await house.token("registrar"), await house.token("registrar")
    claims = claims_of(token)
    assert await status(house, token) == 200
    until = await house.owner.fetchval("select now() + interval '15 minutes'")
    await revoke(house.owner, claims["jti"], until)
    assert await stops(house, token)
    assert await status(house, other) == 200
