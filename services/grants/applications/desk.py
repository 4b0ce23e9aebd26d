"""Who acts on an application, in which transaction: the guard of its routes."""

from typing import Annotated, Any

from fastapi import Depends

from services.grants.applications.case import Desk
from services.grants.communities.vault import Opening
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction


def at_desk(permission: str) -> Any:  # noqa: ANN401 -- FastAPI's own type for it
    """Mark a `Desk` parameter: refuse whoever does not hold this permission."""

    async def desk(
        caller: Annotated[Caller, holding(permission)],
        request: RequestId,
        session: Transaction,
        vault: Opening,
    ) -> Desk:
        return Desk(session, caller, request, vault)

    return Depends(desk)
