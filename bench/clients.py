"""Agencies' systems as the benchmarks play them: over HTTP, through the gateway."""

import asyncio
import json
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from gateway.forward import Body, Request, Upstream
from services.kit.telemetry import Message

Json = dict[str, Any]
Headers = Mapping[bytes, bytes]
CHUNK = 200
PAGE = 200
CONNECTIONS = 16
GOOD = 400
FORM = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body."""

    status_code: int
    content: bytes

    def json(self) -> Any:  # noqa: ANN401 -- whatever JSON holds
        return json.loads(self.content)

    def raise_for_status(self) -> None:
        assert self.status_code < GOOD, (self.status_code, self.content)


async def nothing_more() -> Message:
    return {"type": "http.disconnect"}


class Client:
    """One client of a tenant, with its token, which it renews before it ends.

    It speaks through the gateway's own connections: a usual client library would take
    more of the machine than all that is measured.
    """

    def __init__(self, gateway: str, name: str, secret: str) -> None:
        self.name = name
        self._door = Upstream(gateway)
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._basic = b"Basic " + b64encode(f"{name}:{secret}".encode())
        self._token, self._until = b"", 0.0

    @classmethod
    def of(cls, gateway: str, secrets: Path, name: str) -> Self:
        return cls(gateway, name, (secrets / name).read_text(encoding="ascii"))

    async def request(
        self, verb: str, path: str, body: object = None, key: str | None = None
    ) -> Answer:
        """Ask the gateway; a broken connection raises one of its own refusals.

        Under an idempotency key the same can be asked again.
        """
        async with self._places:
            if time.monotonic() > self._until:
                await self._renew()
            sent = b"" if body is None else json.dumps(body).encode()
            told = {b"authorization": self._token}
            if key is not None:
                told[b"idempotency-key"] = key.encode()
            return await self._ask(verb, path, told, b"application/json", sent)

    async def _ask(
        self, verb: str, path: str, told: Headers, kind: bytes, sent: bytes
    ) -> Answer:
        headers = dict(told)
        if sent:
            length = str(len(sent)).encode()
            headers |= {b"content-type": kind, b"content-length": length}
        body = Body(sent, more=False, chunked=False, receive=nothing_more)
        async with self._door.answer(Request(verb, path, headers, body)) as answer:
            pieces = [piece async for piece in answer.body()]
            return Answer(answer.status, b"".join(pieces))

    async def get(self, path: str) -> Json:
        answer = await self.request("GET", path)
        answer.raise_for_status()
        found: Json = answer.json()
        return found

    async def all(self, path: str) -> list[Json]:
        """Read every page of a list."""
        items: list[Json] = []
        mark = ""
        while True:
            page = await self.get(f"{path}?limit={PAGE}{mark}")
            items += page["items"]
            if page["next"] is None:
                return items
            mark = f"&cursor={page['next']}"

    async def load(self, rows: Sequence[Json], at_once: int = 4) -> list[Json]:
        """Import rows in chunks, some at a time; the answers in the rows' order."""
        places = asyncio.Semaphore(at_once)

        async def send(chunk: Sequence[Json]) -> list[Json]:
            async with places:
                body = {"rows": chunk}
                answer = await self.request("POST", "/beneficiaries/imports/rows", body)
                answer.raise_for_status()
                sent: list[Json] = answer.json()
                return sent

        chunks = [rows[n : n + CHUNK] for n in range(0, len(rows), CHUNK)]
        answers = await asyncio.gather(*(send(chunk) for chunk in chunks))
        return [row for chunk in answers for row in chunk]

    async def _renew(self) -> None:
        form = b"grant_type=client_credentials"
        told = {b"authorization": self._basic}
        granted = await self._ask("POST", "/token", told, FORM, form)
        granted.raise_for_status()
        self._token = b"Bearer " + granted.json()["access_token"].encode()
        self._until = time.monotonic() + granted.json()["expires_in"] - 60

    async def close(self) -> None:
        self._door.close()
