"""One registration after another against a registry of many people: service time.

    python -m bench.registering [--people 10000 --people 1000000]

A real service on a durable server of its own (fsync and synchronous_commit on), asked
over HTTP with passports as the gateway signs them: sealing, row-level security, opening
candidates, audit and the commit are in it; the gateway is not. Prints median and p99 at
one client, the rate at sixteen, and how a name borne by thousands fares.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from bench.clients import nothing_more
from bench.filling import Target, fill, held_out
from deploy import processes
from gateway.forward import Body, Request, Upstream
from gateway.passports import Passports
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.registry.rules import Content
from services.kit.callers import REQUEST_ID, Caller
from tests.house import House, house

NEEDED = ("beneficiaries",)
WARM_UP = 200
CLIENTS = 16
WARM = 50 * CLIENTS  # each connection has made its plans then
CREATED = 201
HOT = {"given": "Agim", "family": "Krasniqi"}
HOT_YEAR = 1970


class Times(NamedTuple):
    """Milliseconds that requests took, and how many were answered a second."""

    median: float
    p99: float
    rate: float

    @classmethod
    def of(cls, taken: Sequence[float], seconds: float) -> "Times":
        ordered = sorted(taken)
        return cls(
            statistics.median(ordered) * 1000,
            ordered[int(len(ordered) * 0.99)] * 1000,
            len(ordered) / seconds,
        )

    def __str__(self) -> str:
        return (
            f"median {self.median:6.2f} ms  p99 {self.p99:6.2f} ms"
            f"  {self.rate:6.0f} registrations/s"
        )


class Office:
    """Agencies' systems that speak to the service as the gateway vouches for them."""

    def __init__(self, at: House) -> None:
        key = (at.state.secrets / "gateway/gateway_passport_key").read_text("ascii")
        self._passports = Passports(key)
        port = processes.ports(at.base)["beneficiaries"]
        self._door = Upstream(f"http://{processes.HOST}:{port}")

    async def record(self, agency: str, body: bytes) -> float:
        """Record somebody; give the seconds it took."""
        granted = frozenset({Beneficiaries.RECORD_REGISTRATIONS})
        caller = Caller(f"{agency}-bench", "bench", agency, granted)
        passport = self._passports.passport(caller, "beneficiaries", granted)
        headers = {
            b"authorization": f"Bearer {passport}".encode(),
            REQUEST_ID.encode(): str(uuid4()).encode(),
            b"content-type": b"application/json",
            b"content-length": str(len(body)).encode(),
        }
        sent = Body(body, more=False, chunked=False, receive=nothing_more)
        asked = Request("POST", "/registrations", headers, sent)
        began = time.perf_counter()
        async with self._door.answer(asked) as answer:
            pieces = [piece async for piece in answer.body()]
        taken = time.perf_counter() - began
        assert answer.status == CREATED, (answer.status, b"".join(pieces))
        return taken


def bodies(arriving: Sequence[tuple[str, Content]]) -> Iterator[tuple[str, bytes]]:
    for agency, content in arriving:
        yield agency, content.model_dump_json(exclude_defaults=True).encode()


async def rounds(
    office: Office, waiting: Iterator[tuple[str, bytes]], clients: int, count: int
) -> Times:
    taken: list[float] = []

    async def client() -> None:
        while len(taken) < count and (one := next(waiting, None)) is not None:
            taken.append(await office.record(*one))

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Times.of(taken, time.perf_counter() - began)


def namesakes(count: int) -> Iterator[tuple[str, bytes]]:
    """Many of the commonest name, born in one year, each on another day."""
    chance = random.Random(7)
    for number in range(count):
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        body = {
            "source_id": f"hot-{number}",
            "names": HOT,
            "sex": "male",
            "birth": {"value": f"{HOT_YEAR}-{month:02}-{day:02}", "precision": "day"},
        }
        yield "unicef", json.dumps(body).encode()


async def measure(at: House, registrations: int, each: int, hot: int) -> Times:
    target = Target.of(at)
    began = time.perf_counter()
    await fill(target, registrations)
    print(
        f"{registrations} registrations, filled in {time.perf_counter() - began:.0f} s"
    )
    await durable(target)
    at.kill("beneficiaries")
    await at.restart("beneficiaries")
    office = Office(at)
    waiting = bodies(held_out(registrations, WARM_UP + WARM + 2 * each))
    await rounds(office, waiting, 1, WARM_UP)
    one = await rounds(office, waiting, 1, each)
    await rounds(office, waiting, CLIENTS, WARM)
    print(f"  one client       {one}")
    print(f"  {CLIENTS} clients       {await rounds(office, waiting, CLIENTS, each)}")
    print(f"  a hot name       {await rounds(office, namesakes(hot), 1, hot)}")
    return one


async def durable(target: Target) -> None:
    owner = await asyncpg.connect(target.registry)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await owner.fetchval(f"show {setting}") == "on", setting
    await owner.execute("checkpoint")
    await owner.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, action="append")
    parser.add_argument("--each", type=int, default=2_000)
    parser.add_argument("--hot", type=int, default=2_000)
    chosen = parser.parse_args()
    medians = []
    for registrations in chosen.people or (10_000, 1_000_000):
        with house(only=NEEDED) as at:
            told = measure(at, registrations, chosen.each, chosen.hot)
            medians.append(asyncio.run(told).median)
    if len(medians) > 1:
        print(f"growth of the median {medians[-1] / medians[0]:.2f} (bar 1.6)")


if __name__ == "__main__":
    main()
