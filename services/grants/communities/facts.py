"""What the rules of a call may know of organisations, in memory and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.communities import store
from services.grants.communities.rules import Communities
from services.grants.communities.vault import Vault
from services.grants.organisations import store as organisations_store
from services.grants.organisations.rules import Kind
from services.kit.callers import Caller


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """One organisation as the rules see it; what it did not declare is empty."""

    kind: Kind
    municipality: str | None
    led_by: frozenset[str] = field(repr=False)
    serves: frozenset[str] = field(repr=False)


async def facts(  # noqa: PLR0913 -- who asks, about what, and of whom
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    vault: Vault,
    organisations: Sequence[UUID],
    about: UUID,
) -> Mapping[UUID, OrganisationFacts]:
    """Gather the facts, opening the communities in one batch on the record."""
    found = await organisations_store.some(session, caller, organisations)
    there = [one.id for one in found]
    sealed = await store.open_many(session, caller, request, there, about)
    opened = vault.open(sealed)
    return {
        one.id: OrganisationFacts(
            one.kind,
            one.municipality,
            frozenset((said := opened.get(one.id, Communities())).led_by),
            frozenset(said.serves),
        )
        for one in found
    }
