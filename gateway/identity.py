"""Access tokens (RFC 9068): issued to clients, read at every request.

A token that has been read is remembered by its digest for seconds, and forgotten with
all others as soon as anything is revoked.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from gateway.policy import permissions
from gateway.revocations import Revocations
from services.kit.callers import Caller
from services.kit.refusals import Unauthenticated
from services.kit.tokens import Claims, Kind, Signer, Verifier

AUDIENCE: Final = "uramost"
LIFE: Final = timedelta(minutes=15)
KEPT: Final = 10.0
MOST: Final = 4096
BEARER: Final = b"bearer "


def access_token(issuer: str) -> Kind:
    return Kind(typ="at+jwt", issuer=issuer, audience=AUDIENCE)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a client is given: itself, and what it asked to narrow or to claim.

    `actor` is the courier, where that reads for it (RFC 8693).
    """

    client: str
    agency: str
    organisation: str | None
    roles: tuple[str, ...]
    purpose: str | None = None
    scope: frozenset[str] | None = None
    actor: str | None = None

    def claims(self) -> Claims:
        narrowed = {} if self.scope is None else {"scope": " ".join(sorted(self.scope))}
        acted = {} if self.actor is None else {"act": {"sub": self.actor}}
        return {
            "sub": self.client,  # a client acts for itself, until people sign in
            "client_id": self.client,
            "agency": self.agency,
            "organisation": self.organisation,
            "roles": list(self.roles),
            "purpose": self.purpose,
            **narrowed,
            **acted,
        }


def caller_of(claims: Claims) -> Caller:
    """Read a caller; what it may do is the policy's word, narrowed by the scope.

    What agencies agreed on is added to passports only, and believed of no token.
    """
    held = permissions(claims["roles"])
    if "scope" in claims:
        held &= frozenset(claims["scope"].split())
    return Caller.of({**claims, "permissions": held, "agreed": {}})


class Identity:
    """Issues access tokens and establishes callers by them."""

    def __init__(self, key: str, issuer: str, revocations: Revocations) -> None:
        signer = Signer.of(key)
        self._signer = signer
        self._kind = access_token(issuer)
        pem = signer.key.public_key().to_pem().decode()
        self._verifier = Verifier.of(pem, self._kind)
        self._revocations = revocations
        self._known: dict[bytes, tuple[float, Caller]] = {}

    @property
    def public(self) -> dict[str, str]:
        return {**self._signer.public, "alg": "ES256"}

    def issue(self, granted: Granted, life: timedelta = LIFE) -> str:
        return self._signer.sign(granted.claims(), self._kind, life)

    def caller(self, headers: Iterable[tuple[bytes, bytes]]) -> Caller:
        """Establish who asks, from exactly one Authorization header."""
        shown = [value for name, value in headers if name == b"authorization"]
        if len(shown) != 1 or shown[0][: len(BEARER)].lower() != BEARER:
            raise Unauthenticated
        token = shown[0][len(BEARER) :]
        digest = sha256(token).digest()
        known = self._known.get(digest)
        if known is not None and time.time() < known[0]:
            return known[1]
        return self._read(digest, token.decode("latin-1"))

    def _read(self, digest: bytes, token: str) -> Caller:
        claims = self._verifier.read(token)
        try:
            self._revocations.refuse_revoked(claims)
            caller = caller_of(claims)
        except (KeyError, TypeError, AttributeError) as cause:
            raise Unauthenticated from cause
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[digest] = (min(time.time() + KEPT, claims["exp"]), caller)
        return caller

    def forget(self) -> None:
        self._known.clear()
