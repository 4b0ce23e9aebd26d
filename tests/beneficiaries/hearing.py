"""Feeds, read to their end."""

from typing import Any

from tests.beneficiaries.conftest import Agency

Json = dict[str, Any]
PREFIX = "org.uramost."


async def read(agency: Agency, path: str = "/feed", limit: int = 100) -> list[Json]:
    """Read a feed to its end."""
    found: list[Json] = []
    mark, more = "", True
    while more:
        answer = await agency.get(f"{path}?limit={limit}{mark}")
        assert answer.status_code == 200, answer.text
        part = answer.json()
        found += part["items"]
        mark, more = f"&cursor={part['next']}", part["more"]
    return found


def types(events: list[Json]) -> list[str]:
    return [one["type"].removeprefix(PREFIX) for one in events]
