"""Callers for tests that speak to a service directly, as the gateway would vouch."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from services.kit.agreements import Agreed
from services.kit.callers import REQUEST_ID, Caller, passport_for
from services.kit.tokens import Signer

PAIR = ec.generate_private_key(ec.SECP256R1())
PRIVATE = PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = (
    PAIR.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
SIGNER = Signer.of(PRIVATE)


def shown(  # noqa: PLR0913 -- all that a passport says
    service: str,
    agency: str,
    permissions: Iterable[str],
    purpose: str | None = None,
    subject: str = "officer",
    organisation: str | None = None,
    agreed: tuple[Agreed, ...] = (),
) -> dict[str, str]:
    """Make the headers of a request that the gateway has let through."""
    caller = Caller(
        client=f"{agency}-client",
        subject=subject,
        agency=agency,
        permissions=frozenset(permissions),
        purpose=purpose,
        organisation=organisation,
        agreed=agreed,
    )
    passport = SIGNER.sign(
        caller.claims(), passport_for(service), timedelta(seconds=30)
    )
    return {"authorization": f"Bearer {passport}", REQUEST_ID: str(uuid4())}
