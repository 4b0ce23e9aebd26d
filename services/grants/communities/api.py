"""Communities: an organisation declares its own, and reads its own word again."""

from typing import Annotated

from fastapi import APIRouter

from services.grants.communities import store
from services.grants.communities.models import Declaration
from services.grants.communities.rules import Communities
from services.grants.communities.vault import Opening
from services.grants.organisations import store as organisations
from services.grants.parties import NotActing, acting
from services.grants.permissions import Grants
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/communities",
    tags=["communities"],
    responses=refusing(Unauthenticated, NotPermitted, NotActing, NotFound, Invalid),
)

Declarer = Annotated[Caller, holding(Grants.DECLARE_COMMUNITIES)]


@router.put("", status_code=204)
async def declare_communities(
    said: Communities,
    declarer: Declarer,
    request: RequestId,
    session: Transaction,
    vault: Opening,
) -> None:
    """Declare the communities of your organisation; it replaces your last word."""
    organisation = (await organisations.find(session, declarer, acting(declarer))).id
    declared = Declaration(
        organisation=organisation,
        agency=declarer.agency,
        communities=vault.seal(organisation, said),
        declared_by=declarer.subject,
    )
    await store.declare(session, request, declarer, declared)


@router.post("/disclosures", status_code=201)
async def disclose_communities(
    declarer: Declarer, request: RequestId, session: Transaction, vault: Opening
) -> Communities:
    """Open what your organisation has declared, to itself, on the record."""
    organisation = acting(declarer)
    sealed = await store.disclose(session, declarer, request, organisation)
    return vault.open(sealed)[organisation]
