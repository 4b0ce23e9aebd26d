"""Ids that sort by the time they were made (UUID version 7, RFC 9562)."""

import os
import time
from threading import Lock
from typing import Final
from uuid import UUID

RANDOM: Final = 74  # bits behind the 48 of the milliseconds
LOW: Final = 62  # of these, the bits behind the variant
STEP: Final = 32  # bits of the random step within a millisecond


class Ids:
    """Makes ids; each sorts behind all that were made before it in this process.

    So what one request records at once is listed in the order it recorded it: method 2
    of RFC 9562, section 6.2.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def __call__(self) -> UUID:
        milliseconds = time.time_ns() // 1_000_000
        drawn = int.from_bytes(os.urandom(10)) >> (80 - RANDOM + 1)  # room to step
        with self._lock:
            step = 1 + (drawn >> (RANDOM - 1 - STEP))
            number = max(milliseconds << RANDOM | drawn, self._last + step)
            self._last = number
        return _spread(number)


def _spread(number: int) -> UUID:
    """Put the version and the variant where they belong between the bits."""
    low, upper = number & ((1 << LOW) - 1), number >> LOW
    high = (upper >> 12) << 16 | 0x7 << 12 | upper & 0xFFF
    return UUID(int=high << 64 | 0b10 << LOW | low)


new_id: Final = Ids()
