"""A content on its way in: all that can be computed before any lock is held."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

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
    """A content with its digests, its traits and its match keys."""

    content: Content
    source_digest: bytes
    digest: bytes
    traits: Traits
    match_keys: tuple[int, ...]

    @classmethod
    def of(
        cls, content: Content, caller: Caller, master: bytes, matcher: Matcher
    ) -> "Draft":
        traits = traits_of(content)
        source, whole = digests(master, caller.agency, content)
        return cls(content, source, whole, traits, matcher.keys(traits))

    @property
    def locks(self) -> tuple[int, ...]:
        """The match keys, and the source id: two of one must not be new at once."""
        source = int.from_bytes(self.source_digest[:8], signed=True)
        return (*self.match_keys, source)

    def written(self, registration: UUID, key: DataKey) -> Written:
        version = new_id()
        communities = self.content.communities.model_dump_json().encode()
        return Written(
            registration,
            self.source_digest,
            version,
            self.digest,
            key.seal(self.content.particulars(), personal_place(version)),
            key.seal(communities, communities_place(registration)),
        )

    def newcomer(self, registration: UUID, key: DataKey) -> Newcomer:
        return Newcomer(registration, self.traits, self.match_keys, key)


@dataclass(frozen=True, slots=True)
class Held:
    """What the registry holds under a source id; `draft` where it is new by it."""

    registration: UUID
    version: int
    digests: Collection[bytes]
    draft: Draft | None = None
    findings: Findings = ()

    @property
    def alone(self) -> bool:
        """Whether it is new and its own agency knows nobody like it."""
        return self.draft is not None and not self.findings


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a content that was sent: where it is, and what it resembles."""

    registration: UUID
    version: int
    outcome: Outcome
    person: UUID
    findings: Findings = ()
