"""Every agency can fetch the audit's checkpoints and keep them: it is the witness."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.kit.callers import Caller, holding
from services.kit.http import View, refusing
from services.kit.refusals import (
    Invalid,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)


class Audit(StrEnum):
    """What a caller can be permitted to do with a service's audit."""

    READ_CHECKPOINTS = "audit.checkpoint:read"


Witness = Annotated[Caller, holding(Audit.READ_CHECKPOINTS)]
Position = Annotated[int, Query(ge=0, le=2**63 - 1)]
LATEST = """
select position, at, encode(hash, 'hex') as hash, signed from audit_checkpoint
where position > $1 order by position desc limit 100
"""
router = APIRouter(tags=["audit"], responses=refusing(Unauthenticated, NotPermitted))


class Checkpoint(View):
    """The end of an audit chain at one moment; `signed` is a token of ES256."""

    position: int
    at: datetime
    hash: str
    signed: str


class KeyView(View):
    """A public key of an elliptic curve (RFC 7517); `kid` is its thumbprint."""

    kty: str
    crv: str
    x: str
    y: str
    alg: str
    use: str
    kid: str


@router.get("/audit/key")
async def read_audit_key(request: Request, _witness: Witness) -> KeyView:
    """Read the public key (RFC 7517) that verifies this service's checkpoints."""
    return KeyView.model_validate(request.app.state.signer.public)


@router.get("/audit/checkpoints", responses=refusing(Invalid, Unavailable))
async def list_checkpoints(
    request: Request,
    _witness: Witness,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
) -> list[Checkpoint]:
    """List the latest hundred checkpoints behind a position, the newest first."""
    rows = await request.app.state.database.pool.fetch(LATEST, after)
    return [Checkpoint(**row) for row in rows]
