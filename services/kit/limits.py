"""How often one may ask: counted in a moving window, in this process's memory.

With several processes each allows as many, and a restart forgets. So a limit slows down
whoever asks too much; what finds them out is the audit, in which each refusal stands.
"""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Self

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.kit.refusals import Refusal


class TooOften(Refusal):
    """This was asked too often within a short time; try again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, wait: int = 60) -> None:
        """Take after how many seconds there is room again."""
        super().__init__()
        self.headers = {"retry-after": str(wait)}  # type: ignore[misc]  # of this answer


def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Limit:
    """So many in a window of time, for each of those who are counted apart."""

    per: RateLimitItem
    limiter: MovingWindowRateLimiter = field(default_factory=_limiter)

    @classmethod
    def a_minute(cls, most: int) -> Self:
        return cls(RateLimitItemPerMinute(most))

    @classmethod
    def an_hour(cls, most: int) -> Self:
        return cls(RateLimitItemPerHour(most))

    def allows(self, *who: Hashable) -> bool:
        """Count one more, unless there were as many already; whoever they may be."""
        return self.limiter.hit(self.per, *map(str, who))

    def count(self, *who: Hashable) -> None:
        """Count one more, or refuse it and tell when there is room again."""
        if not self.allows(*who):
            raise TooOften(self._wait(*who))

    def check(self, *who: Hashable) -> None:
        """Refuse where nothing more would be allowed, and count nothing."""
        if not self.limiter.test(self.per, *map(str, who)):
            raise TooOften(self._wait(*who))

    def _wait(self, *who: Hashable) -> int:
        window = self.limiter.get_window_stats(self.per, *map(str, who))
        return max(1, ceil(window.reset_time - time.time()))
