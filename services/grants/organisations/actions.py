"""Finding an organisation by its names: what looks like it, the likest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations import store
from services.grants.organisations.models import Organisation, OrganisationName
from services.grants.organisations.names import likest
from services.kit.callers import Caller

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Likeness:
    """An organisation, how it is called, and how like what was asked for that is."""

    organisation: Organisation
    names: Sequence[OrganisationName]
    likeness: float


async def alike(
    session: AsyncSession,
    caller: Caller,
    spelled: Sequence[str],
    least: float,
    but: Iterable[UUID] = (),
) -> list[Likeness]:
    """Give the organisations whose names sound like these, the likest first."""
    found = await store.candidates(session, caller, spelled)
    names = await store.names(session, caller, [one.id for one in found])
    skipped = set(but)
    scored = [
        Likeness(one, known, likest(spelled, [name.text for name in known]))
        for one in found
        if one.id not in skipped and (known := names.get(one.id, []))
    ]
    liked = [one for one in scored if one.likeness >= least]
    ranked = sorted(liked, key=lambda one: (-one.likeness, one.organisation.id))
    return ranked[:SHOWN]
