"""How often the one bit that crosses agencies may be asked."""

from dataclasses import dataclass, field
from uuid import UUID

from services.employment.placements.rules import TooMany
from services.kit import limits
from services.kit.callers import Caller


@dataclass(frozen=True)
class Limit:
    """Counts the full-time placements that were tried, granted or not."""

    per_registration: limits.Limit = field(
        default_factory=lambda: limits.Limit.an_hour(10)
    )
    per_client: limits.Limit = field(default_factory=lambda: limits.Limit.an_hour(600))

    def count(self, caller: Caller, registration: UUID) -> None:
        """Count one more, or refuse it: per agency and registration, and per client."""
        if not (
            self.per_registration.allows(caller.agency, registration)
            and self.per_client.allows(caller.client)
        ):
            raise TooMany
