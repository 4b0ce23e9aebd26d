"""The agreements as the gateway keeps them at hand: what goes into a passport.

They are read again whenever the epoch moves on, and each is asked whether it is in
force at every passport: one that ends is gone with the passport's seconds.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg

from services.kit.agreements import Agreed, Level, Shared
from services.kit.callers import Caller

STANDING = """
select owner, other, purpose, level, fields, valid_from, valid_until from agreement
where ended_at is null and valid_until > now()
"""


class Standing(NamedTuple):
    """An agreement that has not been ended, and the time in which it is in force."""

    agreed: Agreed
    valid_from: datetime
    valid_until: datetime


class Agreements:
    """What each agency may know, for each purpose."""

    def __init__(self) -> None:
        self._by_reader: dict[tuple[str, str], list[Standing]] = {}

    async def read(self, connection: asyncpg.Connection) -> None:
        found = defaultdict(list)
        for row in await connection.fetch(STANDING):
            fields = frozenset(Shared(one) for one in row["fields"])
            agreed = Agreed(row["owner"], Level(row["level"]), fields)
            standing = Standing(agreed, row["valid_from"], row["valid_until"])
            found[row["other"], row["purpose"]].append(standing)
        self._by_reader = dict(found)

    def told(self, caller: Caller) -> Caller:
        """Give the caller with what others let its agency know for its purpose."""
        standing = self._by_reader.get((caller.agency, caller.purpose or ""))
        if not standing:
            return caller
        now = datetime.now(UTC)
        in_force = (
            one.agreed for one in standing if one.valid_from <= now < one.valid_until
        )
        return replace(caller, agreed=Agreed.together(in_force))
