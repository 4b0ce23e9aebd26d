"""The one place where tokens are signed and read.

python-jose has open forgery reports on HMAC keys and reads tokens without `aud` or
`exp`; hence one algorithm as a literal, a cap on the length, every claim required, and
key objects built once (a PEM given at every call is parsed at every call).
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Self

from jose import JWTError, jwk, jwt
from jose.backends.base import Key

from services.kit.refusals import Unauthenticated

ALGORITHM: Final = "ES256"  # asymmetric: whoever verifies must not be able to mint
LONGEST: Final = 8192
CLAIMS = ("aud", "exp", "iat", "iss", "jti", "sub")
REQUIRED = {f"require_{claim}": True for claim in CLAIMS} | {"leeway": 5}

Claims = dict[str, Any]


class NotAKey(Exception):  # noqa: N818 -- read as a sentence when a process will not start
    """A signing or verification key is not a PEM of the curve P-256."""


def _key(pem: str) -> Key:
    try:
        key = jwk.construct(pem, ALGORITHM)
    except Exception as cause:
        raise NotAKey(NotAKey.__doc__) from cause
    curve = getattr(key.prepared_key, "curve", None)
    if getattr(curve, "name", None) != "secp256r1":
        raise NotAKey(NotAKey.__doc__)
    return key


@dataclass(frozen=True, slots=True)
class Kind:
    """What a token is for: issued by one, read by one, told apart by its `typ`."""

    typ: str
    issuer: str
    audience: str


@dataclass(frozen=True)
class Signer:
    """A private key that signs tokens."""

    key: Key = field(repr=False)

    @classmethod
    def of(cls, pem: str) -> Self:
        key = _key(pem)
        if not hasattr(key.prepared_key, "private_numbers"):
            raise NotAKey(NotAKey.__doc__)
        return cls(key)

    def verifier(self, kind: Kind) -> "Verifier":
        """Give the half that reads what this one signs."""
        return Verifier(self.key.public_key(), kind)

    @property
    def public(self) -> dict[str, str]:
        """Publish the key as a JWK (RFC 7517), named by its thumbprint."""
        shown = self.key.public_key().to_dict()
        return {**shown, "use": "sig", "kid": thumbprint(shown)}

    def sign(self, claims: Mapping[str, Any], kind: Kind, ttl: timedelta) -> str:
        now = int(time.time())
        stamped = {
            "jti": uuid.uuid4().hex,
            **claims,
            "iss": kind.issuer,
            "aud": kind.audience,
            "iat": now,
            "exp": now + int(ttl.total_seconds()),
        }
        headers = {"typ": kind.typ, "kid": self.public["kid"]}
        signed: str = jwt.encode(stamped, self.key, ALGORITHM, headers)
        return signed


def thumbprint(public: Mapping[str, str]) -> str:
    """Shorten a public key to a name."""
    return sha256(f"{public['x']}.{public['y']}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Verifier:
    """A public key that reads tokens of one kind."""

    key: Key = field(repr=False)
    kind: Kind

    @classmethod
    def of(cls, pem: str, kind: Kind) -> Self:
        return cls(_key(pem), kind)

    def read(self, token: str) -> Claims:
        """Give the claims of a genuine token, or refuse and not say what is wrong."""
        if len(token) > LONGEST:
            raise Unauthenticated
        try:
            if jwt.get_unverified_header(token).get("typ") != self.kind.typ:
                raise Unauthenticated
            return self._decode(token)
        except (JWTError, ValueError, TypeError, KeyError) as cause:
            raise Unauthenticated from cause

    def _decode(self, token: str) -> Claims:
        claims: Claims = jwt.decode(
            token,
            self.key,
            algorithms=[ALGORITHM],
            issuer=self.kind.issuer,
            audience=self.kind.audience,
            options=REQUIRED,
        )
        return claims


class Remembered:
    """A verifier that reads each token once and afterwards only looks at the clock."""

    def __init__(self, verifier: Verifier, most: int = 4096) -> None:
        self._read = lru_cache(most)(verifier.read)

    def read(self, token: str) -> Claims:
        claims = self._read(token)
        if claims["exp"] < time.time():
            raise Unauthenticated
        return claims
