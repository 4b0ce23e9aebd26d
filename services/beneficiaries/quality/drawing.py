"""Registrations drawn at random from all agencies, opened with their candidates."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import rules
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.store import MOST
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.quality import store
from services.beneficiaries.quality.store import Pair
from services.kit.sealing import Personal

MOST_PAIRS = 150_000  # about as many as can be compared while the caller waits


@dataclass
class Drawing:
    """Who was drawn, and everybody whose traits were opened for it."""

    seeds: dict[UUID, Traits] = field(default_factory=dict)
    opened: set[UUID] = field(default_factory=set)
    met: set[Pair] = field(default_factory=set)

    async def pairs(
        self, keyring: Keyring, connection: asyncpg.Connection, seeds: int
    ) -> AsyncIterator[tuple[Pair, Traits, Traits]]:
        """Draw so many, and give each with each of its candidates, a pair once."""
        async for rows in store.drawn(connection, seeds, MOST):
            if len(self.met) >= MOST_PAIRS:
                break
            for registration, candidate, traits in await opened(keyring, rows):
                self.opened.add(candidate or registration)
                if candidate is None:
                    self.seeds[registration] = traits
                elif seed := self.seeds.get(registration):
                    pair = Pair(*rules.pair(registration, candidate))
                    if pair not in self.met:
                        self.met.add(pair)
                        yield pair, seed, traits


async def opened(
    keyring: Keyring, rows: store.Rows
) -> list[tuple[UUID, UUID | None, Traits]]:
    """Open a chunk; whoever was erased meanwhile has no key and is left out."""
    whose = [row["candidate"] or row["registration"] for row in rows]
    keys = await keyring.fetch(set(whose))
    return [
        (
            row["registration"],
            row["candidate"],
            Traits.from_bytes(
                keys[one].open(Personal(row["traits"]), traits_place(one))
            ),
        )
        for row, one in zip(rows, whose, strict=True)
        if one in keys
    ]
