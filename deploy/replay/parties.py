"""Who takes part in the replay: each speaks for itself, by HTTP, and is noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import httpx

from gateway.policy import Role

STATES: Final = ("status", "state", "answer")
# What a record is, by a field that no other has.
TELLING: Final = {
    "adopted_on": "plan",
    "organisers": "event",
    "ceiling": "call",
    "members": "terms",
    "answer": "member",
    "offered": "application",
    "assessor": "assessment",
    "tranches": "award",
    "advance": "tranche",
    "before": "amendment",
    "spent": "report",
}


class NotReplayed(Exception):  # noqa: N818 -- reads as the sentence it is
    """An operation did not answer the replay as it should have."""


@dataclass
class Reached:
    """Every state that an answer has shown, by what it was the state of."""

    states: dict[str, set[str]] = field(default_factory=dict)

    def note(self, told: object) -> None:
        if isinstance(told, list):
            for one in told:
                self.note(one)
        elif isinstance(told, dict):
            self._note(told)
            self.note(list(told.values()))

    def _note(self, record: dict[str, object]) -> None:
        kind = next((kind for name, kind in TELLING.items() if name in record), "")
        told = {state for name in STATES if isinstance(state := record.get(name), str)}
        self.states.setdefault(kind, set()).update(told)


@dataclass(frozen=True)
class Party:
    """Somebody's client: its subject, and the headers that say so just now."""

    http: httpx.AsyncClient
    subject: str
    headers: Callable[[], Mapping[str, str]]
    reached: Reached

    async def get(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        return await self._ask("GET", path, None, (200,))

    async def put(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        return await self._ask("PUT", path, body, (200, 204))

    async def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        return await self._ask("POST", path, body, (200, 201))

    async def refused(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Ask for what the rules forbid, and give the problem that they answer."""
        return await self._ask("POST", path, body, (409,))

    async def _ask(
        self, method: str, path: str, body: object, expected: tuple[int, ...]
    ) -> Any:  # noqa: ANN401 -- JSON
        answer = await self.http.request(
            method, path, json=body, headers=dict(self.headers())
        )
        if answer.status_code not in expected:
            kind = answer.json().get("type") if answer.content else ""
            sentence = f"{method} {path} answered {answer.status_code} {kind}."
            raise NotReplayed(sentence)
        told = answer.json() if answer.content else None
        self.reached.note(told)
        return told


class Cast(Protocol):
    """Lends the replay its parties; a test and the demo do it each in their own way."""

    async def staff(self, name: str, role: Role) -> Party:
        """Give a client of the agency, with a role of its own."""

    async def organisation(self, slug: str, key: str) -> Party:
        """Enrol an organisation as a tenant that acts for its own record."""
