"""Who is asking, what they may do, and the passport that says so."""

from dataclasses import dataclass
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from services.kit.agreements import Agreed
from services.kit.refusals import NotPermitted, Unauthenticated
from services.kit.tokens import Claims, Kind

ISSUER = "uramost-gateway"
REQUEST_ID = (
    "x-request-id"  # set by the gateway alone; whatever comes from outside goes
)
bearer = HTTPBearer(scheme_name="passport", auto_error=False)


def passport_for(service: str) -> Kind:
    """Describe the passports that one service accepts."""
    return Kind(typ="passport+jwt", issuer=ISSUER, audience=service)


@dataclass(frozen=True, slots=True)
class Caller:
    """A subject acting through a client of a tenant, as the gateway vouches for it.

    `actor` is the service that exchanged its own passport for this one (RFC 8693);
    `agreed` is all that a service may let the caller know of other agencies' links.
    """

    client: str
    subject: str
    agency: str
    permissions: frozenset[str]
    organisation: str | None = None
    roles: tuple[str, ...] = ()
    purpose: str | None = None
    actor: str | None = None
    agreed: tuple[Agreed, ...] = ()

    def claims(self) -> Claims:
        agreed = {one.owner: one.claim() for one in self.agreed}
        return {
            "client_id": self.client,
            "sub": self.subject,
            "agency": self.agency,
            "organisation": self.organisation,
            "roles": list(self.roles),
            "purpose": self.purpose,
            "permissions": sorted(self.permissions),
            **({"act": {"sub": self.actor}} if self.actor else {}),
            **({"agreed": agreed} if agreed else {}),
        }

    @classmethod
    def of(cls, claims: Claims) -> Self:
        """Read a passport's claims; one that lacks any of them is nobody's."""
        try:
            return cls(
                client=claims["client_id"],
                subject=claims["sub"],
                agency=claims["agency"],
                permissions=frozenset(claims["permissions"]),
                organisation=claims["organisation"],
                roles=tuple(claims["roles"]),
                purpose=claims["purpose"],
                actor=claims.get("act", {}).get("sub"),
                agreed=Agreed.read(claims.get("agreed", {})),
            )
        except (KeyError, ValueError) as cause:
            raise Unauthenticated from cause


async def authenticated(
    request: Request,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Caller:
    """Establish the caller by the passport; no permission is asked yet."""
    if shown is None:
        raise Unauthenticated
    return Caller.of(request.app.state.passports.read(shown.credentials))


Authenticated = Annotated[Caller, Depends(authenticated)]


async def permitted(required: SecurityScopes, caller: Authenticated) -> Caller:
    if not caller.permissions.issuperset(required.scopes):
        raise NotPermitted
    return caller


def holding(*permissions: str) -> Any:  # noqa: ANN401 -- FastAPI's own type for it
    """Mark a `Caller` parameter: refuse whoever does not hold these permissions."""
    return Security(permitted, scopes=permissions)


async def request_id(request: Request) -> UUID:
    """Give the id under which the gateway audits this request."""
    try:
        return UUID(request.headers[REQUEST_ID])
    except (KeyError, ValueError) as cause:
        raise Unauthenticated from cause


RequestId = Annotated[UUID, Depends(request_id)]
