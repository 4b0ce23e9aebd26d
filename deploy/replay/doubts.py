"""What became of an act whose answer was lost: one looks before it is repeated."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final, Protocol

import httpx

from deploy.replay.journal import Journal

Json = dict[str, Any]
GOOD: Final = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)
# Where things are listed that do not lie under what they belong to.
LISTED: Final = {"subsidies": "/subsidies"}
# What answers with all that it belongs to.
WITHIN: Final = frozenset({"terms"})


class Asking(Protocol):
    """Whose act it was, and who may look."""

    @property
    def journal(self) -> Journal: ...

    def every(self, path: str) -> AsyncIterator[Json]: ...

    async def send(self, method: str, path: str) -> httpx.Response: ...


async def made(party: Asking, path: str, body: object) -> Json | None:
    """Find what was made of a body, where it would have gone to."""
    async for one in _beside(party, path):
        if not party.journal.made(one["id"]) and _like(one, body):
            if path.rpartition("/")[2] in WITHIN:
                return await stands(party, path)
            whole = await party.send("GET", f"{path}/{one['id']}")
            found: Json = whole.json() if whole.status_code in GOOD else one
            return found
    return None


async def stands(party: Asking, path: str) -> Json:
    """Read what an act was done to, where it cannot be done a second time."""
    answer = await party.send("GET", path.rpartition("/")[0])
    told: Json = answer.json() if answer.status_code in GOOD else {}
    return told


async def _beside(party: Asking, path: str) -> AsyncIterator[Json]:
    """Read the list that something goes to: its own, or one in what it belongs to."""
    above, _, last = path.rpartition("/")
    listed = LISTED.get(last, path)
    there = await party.send("GET", listed)
    if there.status_code in GOOD and "items" in there.json():
        async for one in party.every(listed):
            yield one
        return
    if there.status_code not in GOOD:
        there = await party.send("GET", above)
    told = there.json() if there.status_code in GOOD else []
    listing = told if isinstance(told, list) else told.get(last)
    for one in listing if isinstance(listing, list) else ():
        yield one


def _like(record: object, body: object) -> bool:
    """Tell whether a record says what a body said, wherever both say something."""
    if isinstance(record, dict) and isinstance(body, dict):
        shared = body.keys() & record.keys()
        return bool(shared) and all(_like(record[name], body[name]) for name in shared)
    if isinstance(record, list) and isinstance(body, list):
        return len(record) == len(body) and all(map(_like, record, body))
    return record == body
