"""No token passes that the one key did not sign, whole, for this reader, now."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jose import jwt

from services.kit.refusals import Unauthenticated
from services.kit.tokens import LONGEST, Kind, NotAKey, Remembered, Signer, Verifier
from tests.passports import PAIR, PRIVATE, PUBLIC

KIND = Kind(typ="passport+jwt", issuer="uramost-gateway", audience="office")
VERIFIER = Verifier.of(PUBLIC, KIND)
MINUTE = timedelta(minutes=1)
DER = PAIR.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
POINT = PAIR.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def claims(**changed: object) -> dict[str, Any]:
    """Make the claims of a good token; whatever is None is left out."""
    now = int(time.time())
    good = {
        "sub": "officer",
        "jti": "1",
        "iss": KIND.issuer,
        "aud": KIND.audience,
        "iat": now,
        "exp": now + 60,
    }
    return {name: one for name, one in (good | changed).items() if one is not None}


def signed(typ: str | None = KIND.typ, **changed: object) -> str:
    headers = {} if typ is None else {"typ": typ}
    token: str = jwt.encode(claims(**changed), PRIVATE, "ES256", headers)
    return token


def part(value: object) -> bytes:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def forged(header: dict[str, str], sign: Callable[[bytes], bytes]) -> str:
    body = part({"typ": KIND.typ, **header}) + b"." + part(claims())
    return (body + b"." + urlsafe_b64encode(sign(body)).rstrip(b"=")).decode()


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def refused(token: str) -> bool:
    try:
        VERIFIER.read(token)
    except Unauthenticated:
        return True
    return False


def test_a_genuine_token_is_read() -> None:
    token = Signer.of(PRIVATE).sign({"sub": "officer", "roles": ["x"]}, KIND, MINUTE)
    read = VERIFIER.read(token)
    assert (read["sub"], read["roles"]) == ("officer", ["x"])
    assert VERIFIER.read(signed())["aud"] == "office"  # the control of this file


@pytest.mark.parametrize("missing", ["aud", "exp", "iat", "iss", "jti", "sub"])
def test_a_token_that_lacks_a_claim_is_nobody_s(missing: str) -> None:
    assert refused(signed(**{missing: None}))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "grants"},
        {"aud": ["grants", "employment"]},
        {"aud": ""},
        {"iss": "somebody-else"},
        {"exp": 1},
        {"exp": "never"},
        {"iat": "yesterday"},
        {"nbf": 2**34},
        {"sub": ["officer"]},
    ],
)
def test_a_token_for_another_reader_or_time_is_refused(changed: dict[str, Any]) -> None:
    assert refused(signed(**changed))


@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt", "checkpoint+jwt", ""])
def test_a_token_of_another_kind_is_refused(typ: str | None) -> None:
    assert refused(signed(typ))


@pytest.mark.parametrize(
    "secret",
    [PUBLIC.encode(), DER, POINT, PUBLIC.strip().encode()],
    ids=["pem", "der", "point", "stripped"],
)
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_the_public_key_is_no_secret_to_forge_with(secret: bytes, digest: str) -> None:
    """Reports on python-jose: a public key, as PEM or DER, taken for an HMAC key."""
    header = {"alg": f"HS{digest[3:]}"}
    assert refused(forged(header, lambda body: hmac.digest(secret, body, digest)))
    header["kid"] = VERIFIER.key.to_dict()["x"]
    assert refused(forged(header, lambda body: hmac.digest(secret, body, digest)))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "ES256"])
def test_a_token_without_a_signature_is_refused(algorithm: str) -> None:
    assert refused(forged({"alg": algorithm}, lambda _: b""))


def test_another_algorithm_or_key_is_refused() -> None:
    other = pem(ec.generate_private_key(ec.SECP256R1()))
    assert refused(jwt.encode(claims(), other, "ES256", {"typ": KIND.typ}))
    long = pem(ec.generate_private_key(ec.SECP384R1()))
    assert refused(jwt.encode(claims(), long, "ES384", {"typ": KIND.typ}))
    heavy = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refused(jwt.encode(claims(), heavy, "RS256", {"typ": KIND.typ}))


def test_a_changed_token_is_refused() -> None:
    head, _, signature = signed().split(".")
    body = part(claims(sub="director")).decode()
    assert refused(f"{head}.{body}.{signature}")


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "é.é.é", "bnVsbA.bnVsbA.bnVsbA", "\x00", "W10.e30."],
)
def test_what_is_no_token_is_refused_and_no_fault(token: str) -> None:
    assert refused(token)


def test_an_overlong_token_is_refused_before_it_is_parsed() -> None:
    genuine = Signer.of(PRIVATE).sign({"sub": "x" * LONGEST}, KIND, MINUTE)
    assert len(genuine) > LONGEST
    assert refused(genuine)


@pytest.mark.parametrize(
    "unfit",
    [
        pem(ec.generate_private_key(ec.SECP384R1())),
        "secret",
        "",
    ],
    ids=["another curve", "no key", "nothing"],
)
def test_a_key_that_is_not_of_the_curve_starts_nothing(unfit: str) -> None:
    for make in (Signer.of, lambda given: Verifier.of(given, KIND)):
        with pytest.raises(NotAKey) as refusal:
            make(unfit)
        assert str(refusal.value) == NotAKey.__doc__


def test_a_public_key_signs_nothing() -> None:
    with pytest.raises(NotAKey):
        Signer.of(PUBLIC)


def test_an_rsa_key_starts_nothing() -> None:
    with pytest.raises(NotAKey):
        Signer.of(pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)))


def test_keys_print_nothing() -> None:
    assert "PRIVATE" not in repr(Signer.of(PRIVATE))
    assert "PUBLIC" not in repr(VERIFIER)
    assert "d" not in Signer.of(PRIVATE).public


def test_a_remembered_token_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = Remembered(VERIFIER)
    token = signed()
    assert remembered.read(token)["sub"] == "officer"
    later = time.time() + 61
    monkeypatch.setattr("services.kit.tokens.time.time", lambda: later)
    with pytest.raises(Unauthenticated):
        remembered.read(token)
