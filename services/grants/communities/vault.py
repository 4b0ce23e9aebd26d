"""The keys under which communities are sealed: one for each organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import Depends, Request

from services.grants.communities.models import communities_place
from services.grants.communities.rules import Communities
from services.kit.sealing import DataKey, Protected, Recorded, derive

LONGEST: Final = 400  # more than all communities named twice take
Opened = Mapping[UUID, tuple[Protected, Recorded]]


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens with keys that derive from the master key of grants."""

    master: bytes = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> Self:
        return cls(derive(master, "communities of organisations"))

    def seal(self, organisation: UUID, communities: Communities) -> Protected:
        # Filled up, so that a sealed word's length tells nothing of how many it names.
        plain = communities.model_dump_json().encode().ljust(LONGEST)
        return Protected(
            self._key(organisation).seal(plain, communities_place(organisation))
        )

    def open(self, opened: Opened) -> dict[UUID, Communities]:
        """Open what has been put on record; the proof of that comes with each."""
        return {
            organisation: Communities.model_validate_json(
                self._key(organisation).disclose(
                    sealed, communities_place(organisation), recorded
                )
            )
            for organisation, (sealed, recorded) in opened.items()
        }

    def _key(self, organisation: UUID) -> DataKey:
        return DataKey.of(derive(self.master, str(organisation)))


async def vault(request: Request) -> Vault:
    found: Vault = request.app.state.vault
    return found


Opening = Annotated[Vault, Depends(vault)]
