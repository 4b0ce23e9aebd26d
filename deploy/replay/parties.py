"""Who takes part in the play: each speaks for itself, by HTTP, and is noted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Protocol, Self

import httpx
from tenacity import (
    retry,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from deploy.replay import doubts
from deploy.replay.doubts import GOOD, Json
from deploy.replay.journal import Journal
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
REFUSED: Final = (HTTPStatus.CONFLICT,)
# Asked a second time, these give what they gave the first time; the others do it twice.
SAFE: Final = ("/organisations", "/employers", "/placements", "/certificate")
BUSY: Final = HTTPStatus.SERVICE_UNAVAILABLE


class NotReplayed(Exception):  # noqa: N818 -- reads as the sentence it is
    """An operation did not answer the play as it should have."""


class Unanswered(NotReplayed):
    """Nobody could answer just now; what was asked may have been done, or not."""


# A connection that breaks, or a service that is away for a moment, ends no play.
patiently = retry(
    retry=retry_if_exception_type((httpx.TransportError, Unanswered)),
    wait=wait_random_exponential(max=5),
    stop=stop_after_delay(60),
    reraise=True,
)


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
    """Somebody's client: its subject, how it says so, and the service it speaks to."""

    http: httpx.AsyncClient
    subject: str
    auth: httpx.Auth
    journal: Journal
    reached: Reached
    root: str = ""

    def at(self, service: str) -> Self:
        return replace(self, root=f"/{service}")

    async def get(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        return await self._act("GET", path, None, GOOD)

    async def put(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        return await self._act("PUT", path, body, GOOD)

    async def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        return await self._act("POST", path, body, GOOD)

    async def refused(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Ask for what the rules forbid, and give the problem that they answer."""
        return await self._act("POST", path, body, REFUSED)

    async def attempt(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Ask for what may be refused; give what was made, or the problem."""
        return await self._act("POST", path, body, (*GOOD, *REFUSED))

    @patiently
    async def look(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        """Read what changes by itself: asked anew each time, and kept nowhere."""
        answer = await self.send("GET", path)
        return _told(answer, f"GET {path}", GOOD)

    async def every(self, path: str) -> AsyncIterator[Json]:
        """Read a list, a page after the other."""
        mark: str | None = ""
        while mark is not None:
            page = await self.look(f"{path}?limit=200{mark}")
            for one in page["items"]:
                yield one
            mark = f"&cursor={page['next']}" if page["next"] else None

    async def upload(self, path: str, content: bytes, kind: str) -> Any:  # noqa: ANN401 -- JSON
        """Send a file, once; where it was not heard that it came, once more."""
        act = self.journal.name(self.subject, "POST", self.root + path, kind)
        if act not in self.journal:
            self.journal.keep(act, await self._upload(path, content, kind))
        return self.journal[act]

    @patiently
    async def _upload(self, path: str, content: bytes, kind: str) -> Any:  # noqa: ANN401 -- JSON
        headers = {"content-type": kind}
        answer = await self.send("POST", path, content=content, headers=headers)
        return _told(answer, f"POST {path}", GOOD)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        **rest: Any,  # noqa: ANN401 -- httpx's own arguments
    ) -> httpx.Response:
        url = self.root + path
        return await self.http.request(method, url, json=body, auth=self.auth, **rest)

    async def _act(
        self, method: str, path: str, body: object, expected: tuple[int, ...]
    ) -> Any:  # noqa: ANN401 -- JSON
        """Do something once: what was answered before is answered again."""
        act = self.journal.name(self.subject, method, self.root + path, body)
        if act in self.journal:
            told = self.journal[act]
        else:
            told = await self._do(act, method, path, body, expected)
            self.journal.keep(act, told)
        self.reached.note(told)
        return told

    @patiently
    async def _do(
        self, act: str, method: str, path: str, body: object, expected: tuple[int, ...]
    ) -> Any:  # noqa: ANN401 -- JSON
        """Ask; of an act whose answer was lost, look first whether it was done."""
        again = self.journal.begin(act)
        doubtful = again and method == "POST" and not path.endswith(SAFE)
        if doubtful and (found := await doubts.made(self, path, body)) is not None:
            return found
        key = {"idempotency-key": act}
        answer = await self.send(method, path, body, headers=key)
        if (
            doubtful
            and answer.status_code in REFUSED
            and answer.status_code not in expected
        ):
            return await doubts.stands(self, path)
        return _told(answer, f"{method} {self.root}{path}", expected)


def _told(answer: httpx.Response, operation: str, expected: tuple[int, ...]) -> Any:  # noqa: ANN401 -- JSON
    if answer.status_code == BUSY:
        raise Unanswered(operation)
    if answer.status_code not in expected:
        kind = answer.json().get("type") if answer.content else ""
        sentence = f"{operation} answered {answer.status_code} {kind}."
        raise NotReplayed(sentence)
    return answer.json() if answer.content else None


class Cast(Protocol):
    """Lends the play its parties; a test and the demo do it each in their own way."""

    @property
    def journal(self) -> Journal:
        """What this cast has done so far."""

    async def staff(self, name: str, role: Role) -> Party:
        """Give a client of the agency, with a role of its own."""

    async def organisation(self, slug: str, key: str) -> Party:
        """Enrol an organisation as a tenant that acts for its own record."""
