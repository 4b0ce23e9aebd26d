"""How often the one bit that crosses agencies may be asked.

The counts lie in this process's memory: with several processes each allows as many, and
a restart forgets. So the limit slows down whoever asks about many people or many days;
what finds them out is the audit, in which each refusal stands.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.employment.placements.rules import TooMany
from services.kit.callers import Caller

PER_REGISTRATION: Final = RateLimitItemPerHour(10, namespace="registration")
PER_CLIENT: Final = RateLimitItemPerHour(600, namespace="client")


def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Limit:
    """Counts the full-time placements that were tried, granted or not."""

    limiter: MovingWindowRateLimiter = field(default_factory=_limiter)

    def count(self, caller: Caller, registration: UUID) -> None:
        """Count one more, or refuse it: per agency and registration, and per client."""
        about = (caller.agency, str(registration))
        if not (
            self.limiter.hit(PER_REGISTRATION, *about)
            and self.limiter.hit(PER_CLIENT, caller.client)
        ):
            raise TooMany
