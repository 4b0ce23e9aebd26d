"""A content on its way in: all that can be computed before any lock is held."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.actions import Matcher, Newcomer
from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.protection.models import communities_place
from services.beneficiaries.registry.models import personal_place
from services.beneficiaries.registry.rules import Content, Outcome, digests
from services.beneficiaries.registry.store import Written
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.sealing import DataKey

Findings = tuple[tuple[UUID, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A content as it will be sealed, with its digests, its traits and its match keys.

    It can wait, sealed, to be recorded later: nothing is checked or folded again.
    """

    source_digest: bytes
    digest: bytes
    traits: Traits
    match_keys: tuple[int, ...]
    personal: bytes
    communities: bytes

    @classmethod
    def of(
        cls, content: Content, caller: Caller, master: bytes, matcher: Matcher
    ) -> Self:
        traits = traits_of(content, datetime.now(UTC).date())
        return cls(
            *digests(master, caller.agency, content),
            traits,
            matcher.keys(traits),
            content.particulars(),
            content.communities.model_dump_json().encode(),
        )

    def waiting(self) -> list[Any]:
        """Write it as JSON can say it, to be sealed until its turn comes."""
        texts = (self.traits.to_bytes(), self.personal, self.communities)
        digests = (self.source_digest, self.digest)
        return [
            *(one.hex() for one in digests),
            self.match_keys,
            *(one.decode() for one in texts),
        ]

    @classmethod
    def waited(cls, written: list[Any]) -> Self:
        source, digest, match_keys, *texts = written
        traits, personal, communities = (text.encode() for text in texts)
        return cls(
            bytes.fromhex(source),
            bytes.fromhex(digest),
            Traits.from_bytes(traits),
            tuple(match_keys),
            personal,
            communities,
        )

    @property
    def locks(self) -> tuple[int, ...]:
        """The match keys, and the source id: two of one must not be new at once."""
        source = int.from_bytes(self.source_digest[:8], signed=True)
        return (*self.match_keys, source)

    def written(self, registration: UUID, key: DataKey) -> Written:
        version = new_id()
        return Written(
            self.source_digest,
            version,
            self.digest,
            key.seal(self.personal, personal_place(version)),
            key.seal(self.communities, communities_place(registration)),
            self.traits.scheme,
            self.newcomer(registration, key).entered(),
            self.locks,
        )

    def newcomer(self, registration: UUID, key: DataKey) -> Newcomer:
        return Newcomer(registration, self.traits, self.match_keys, key)


@dataclass(frozen=True, slots=True)
class Held:
    """What the registry holds under a source id; `draft` where it is new by it."""

    registration: UUID
    version: int
    digests: Collection[bytes]
    own: UUID
    draft: Draft | None = None
    findings: Findings = ()

    @classmethod
    def known(cls, rows: Iterable[asyncpg.Record]) -> dict[bytes, Self]:
        """Read by its source what was there before; a source is recorded once."""
        return {
            row["source_digest"]: cls(
                row["registration"], row["version"], row["digests"], row["own"]
            )
            for row in rows
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a content that was sent: where it is, and what it resembles."""

    registration: UUID
    version: int
    outcome: Outcome
    person: UUID
    findings: Findings = ()
