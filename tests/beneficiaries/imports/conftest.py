"""An agency that sends files, and a worker that is let at them when a test says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from services.beneficiaries.imports.worker import Worker
from tests.beneficiaries.conftest import EVERYTHING, Agency
from tests.passports import shown

Json = dict[str, Any]
CSV = "text/csv; charset=utf-8"
HEADER = "source_id,given,family,birth,sex,document_number"


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def people(count: int, first: int = 0) -> list[str]:
    """Make rows of people who are like nobody else."""
    return [
        f"U-{n},{letters(n)},{letters(n + 5000)[::-1]},{1930 + n % 80}-05-11,,"
        for n in range(first, first + count)
    ]


def letters(number: int) -> str:
    spelled = "".join("bdgklmnprs"[int(digit)] + "a" for digit in f"{number:04}")
    return spelled.title()


@dataclass
class Sender:
    """An agency's system that imports files; `work` lets the worker at one."""

    agency: Agency
    worker: Worker

    @property
    def client(self) -> AsyncClient:
        return self.agency.client

    async def send(
        self,
        content: bytes,
        kind: str = CSV,
        mapping: str | None = None,
        purpose: str | None = None,
    ) -> Response:
        headers = shown("beneficiaries", self.agency.name, EVERYTHING, purpose)
        query: Mapping[str, str] = {} if mapping is None else {"mapping": mapping}
        return await self.client.post(
            "/imports",
            content=content,
            params=query,
            headers=headers | {"content-type": kind},
        )

    async def work(self, key: str) -> Json:
        await self.worker.work(self.agency.name, UUID(key))
        return await self.read(key)

    async def read(self, key: str) -> Json:
        answer = await self.agency.get(f"/imports/{key}")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def imported(self, content: bytes, kind: str = CSV, **more: Any) -> Json:  # noqa: ANN401 -- of `send`
        """Send a file and let it be worked as far as it goes."""
        answer = await self.send(content, kind, **more)
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "received"
        return await self.work(answer.json()["id"])

    async def refused(self, key: str) -> list[str]:
        answer = await self.agency.get(f"/imports/{key}/refused")
        assert answer.status_code == 200, answer.text
        return answer.content.decode("utf-8-sig").splitlines()

    async def listed(self) -> list[Json]:
        listed: list[Json] = (await self.agency.get("/imports")).json()["items"]
        return listed

    async def registrations(self) -> list[Json]:
        listed: list[Json] = (await self.agency.get("/registrations?limit=200")).json()[
            "items"
        ]
        return listed


@pytest.fixture
def worker(app: FastAPI) -> Worker:
    return Worker(app.state.depot)


@pytest.fixture
def unicef(north: Agency, worker: Worker) -> Sender:
    return Sender(north, worker)


@pytest.fixture
def who(south: Agency, worker: Worker) -> Sender:
    return Sender(south, worker)
