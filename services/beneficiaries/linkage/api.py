"""The rekeying of match keys, and the internal person key."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.beneficiaries.linkage import rekeying, store
from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.permissions import Beneficiaries
from services.kit.audit import Entry, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements
from services.kit.http import View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["linkage"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Operator = Annotated[Caller, holding(Beneficiaries.REKEY_LINKAGE)]
Resolver = Annotated[Caller, holding(Beneficiaries.RESOLVE_PERSONS)]


async def matcher(request: Request) -> Matcher:
    found: Matcher = request.app.state.registrar.matcher
    return found


Matching = Annotated[Matcher, Depends(matcher)]


class RekeyView(View):
    """How many were moved to the newest scheme, own pairs found, how many are left."""

    moved: int
    found: int
    left: int


class PersonView(View):
    """A person key; `moves` counts how often the registration has got another one."""

    person: UUID
    contested: bool
    moves: int


@router.post("/linkage/rekey")
async def rekey(
    operator: Operator, request: RequestId, matching: Matching, connection: Statements
) -> RekeyView:
    """Move some registrations of your own to the newest scheme of match keys."""
    return RekeyView.model_validate(
        await rekeying.step(matching, connection, operator, request)
    )


@router.get(
    "/persons/of/{registration}", tags=["internal"], responses=refusing(NotFound)
)
async def resolve_person(
    registration: UUID, resolver: Resolver, request: RequestId, connection: Statements
) -> PersonView:
    """Tell another service the person key of one of the caller's registrations."""
    found = await store.person(connection, resolver, registration)
    await record(connection, Entry(request, "person:resolve", resolver, registration))
    return PersonView(**found)
