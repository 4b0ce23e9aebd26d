"""Agencies' systems as the benchmarks play them: over HTTP, through the gateway."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

Json = dict[str, Any]
CHUNK = 200
PAGE = 200
CONNECTIONS = 16


class Client:
    """One client of a tenant, with its token, which it renews before it ends."""

    def __init__(self, gateway: str, name: str, secret: str) -> None:
        limits = httpx.Limits(
            max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS
        )
        self.http = httpx.AsyncClient(
            base_url=gateway, timeout=120, limits=limits, trust_env=False
        )
        self._places = asyncio.Semaphore(
            CONNECTIONS
        )  # httpx's own line is slow when long
        self.name = name
        self._credentials = (name, secret)
        self._token, self._until = "", 0.0

    @classmethod
    def of(cls, gateway: str, secrets: Path, name: str) -> Self:
        return cls(gateway, name, (secrets / name).read_text(encoding="ascii"))

    async def request(
        self, verb: str, path: str, body: object = None
    ) -> httpx.Response:
        if time.monotonic() > self._until:
            await self._renew()
        headers = {"authorization": f"Bearer {self._token}"}
        async with self._places:
            return await self.http.request(verb, path, json=body, headers=headers)

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
        granted = await self.http.post(
            "/token",
            data={"grant_type": "client_credentials"},
            auth=self._credentials,
        )
        granted.raise_for_status()
        self._token = granted.json()["access_token"]
        self._until = time.monotonic() + granted.json()["expires_in"] - 60

    async def close(self) -> None:
        await self.http.aclose()
