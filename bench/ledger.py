"""Grants at its full size: lists and searches by HTTP, in the service itself.

    python -m bench.ledger

100,000 organisations and 1,000,000 lines of the ledger. It prints what each request
takes, and of that what the service has a processor for (on a busy machine the rest is
waiting), and fails where a median is above 10 ms or a large table was read as a whole.
"""

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx

from bench.house import House, house
from bench.ledger_fill import AGENCY, PLACES, TABLES, WORDS, Filled, fill
from services.grants.permissions import Grants
from services.kit.callers import REQUEST_ID, Caller, passport_for
from services.kit.pages import cursor
from services.kit.tokens import Signer

ROUNDS, WARMING, ALLOWED = 400, 40, 10.0
GRANTS_PORT = 2  # above the gateway's
SCANS = "select relname, seq_scan from pg_stat_user_tables where relname = any($1)"
KIND, REGISTRY = {"kind": "cso"}, {"registered_in": "kosovo_ngos"}
NUMBERS = (10_000_000, 10_100_000)
Json = Mapping[str, object]
Ask = Callable[[], Awaitable[httpx.Response]]


def headers(key: str) -> dict[str, str]:
    """Speak as the gateway would vouch for a grants officer."""
    caller = Caller("bench", "officer", AGENCY, frozenset(Grants))
    life = timedelta(hours=1)
    passport = Signer.of(key).sign(caller.claims(), passport_for("grants"), life)
    return {"authorization": f"Bearer {passport}", REQUEST_ID: str(uuid4())}


@dataclass(frozen=True)
class Asking:
    """Every list and search, each time for something else."""

    http: httpx.AsyncClient
    filled: Filled
    chance: random.Random

    def get(self, path: str, some: Callable[[], Mapping[str, str]] = dict) -> Ask:
        return lambda: self.http.get(path, params=some())

    def post(self, path: str, body: Callable[[], Json]) -> Ask:
        return lambda: self.http.post(path, json=body())

    def one(self, of: Sequence[UUID]) -> str:
        return str(self.chance.choice(of))

    def page(self, of: Sequence[UUID]) -> dict[str, str]:
        return {"cursor": cursor(self.chance.choice(of))}

    def of_organisations(self) -> Mapping[str, Ask]:
        path, all_ = "/organisations", self.filled.organisations
        search, chance = f"{path}/search", self.chance
        return {
            "nothing at all, for comparison": self.get("/health/live"),
            "organisations, a page": self.get(path, lambda: self.page(all_)),
            "organisations of a kind and place": self.get(
                path, lambda: self.page(all_) | KIND | {"municipality": PLACES[0]}
            ),
            "organisations by a whole name": self.post(
                search, lambda: {"name": chance.choice(self.filled.names)}
            ),
            "organisations by two common words": self.post(
                search, lambda: {"name": " ".join(chance.sample(WORDS, 2))}
            ),
            "organisations by number": self.post(
                search,
                lambda: (
                    REGISTRY | {"registration_number": str(chance.randrange(*NUMBERS))}
                ),
            ),
        }

    def of_ledger(self) -> Mapping[str, Ask]:
        path, all_, chance = "/ledger/journals", self.filled.journals, self.chance
        awards, calls, search = self.filled.awards, self.filled.calls, f"{path}/search"
        return {
            "journals, a page": self.get(path, lambda: self.page(all_)),
            "journals of an award": self.get(path, lambda: {"award": self.one(awards)}),
            "journals of a call": self.get(path, lambda: {"call": self.one(calls)}),
            "journals of an act": self.get(
                path, lambda: self.page(all_) | {"act": "report"}
            ),
            "journals by reference": self.post(
                search, lambda: {"reference": f"RBKO-{chance.randrange(len(all_))}"}
            ),
            "journals by amount": self.post(
                search, lambda: {"amount": f"{chance.randrange(100, 99_999) / 100:.2f}"}
            ),
            "balance of an award": lambda: self.http.get(
                f"/ledger/awards/{self.one(awards)}"
            ),
            "balance of a call": lambda: self.http.get(
                f"/ledger/calls/{self.one(calls)}"
            ),
        }


def descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from descendants(child)


def processor() -> Callable[[], float]:
    """Give a clock of the milliseconds for which the service has had a processor."""
    [service] = [
        process
        for one in descendants(os.getpid())
        if b"services.grants"
        in ((process := Path(f"/proc/{one}")) / "cmdline").read_bytes()
    ]
    return lambda: int((service / "schedstat").read_text().split()[0]) / 1_000_000


async def timed(ask: Ask, rounds: int) -> list[float]:
    """Take the milliseconds of each round."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = await ask()
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
    return sorted(taken)


async def measure(at: House) -> list[str]:
    """Give what is slower than allowed, or read a table from end to end."""
    secrets, chance = at.secrets.parent, random.Random(2009)
    superuser = (secrets / "migrate/superuser_database").read_text()
    connection = await asyncpg.connect(superuser, database="grants")
    began = time.perf_counter()
    filled = await fill(connection, chance)
    print(f"filled in {time.perf_counter() - began:.0f} s")
    before = dict(await connection.fetch(SCANS, TABLES))
    parts = urlsplit(at.gateway)
    url = f"http://{parts.hostname}:{(parts.port or 0) + GRANTS_PORT}"
    key = (secrets / "gateway/gateway_passport_key").read_text()
    async with httpx.AsyncClient(base_url=url, headers=headers(key)) as http:
        slow = await ask_all(Asking(http, filled, chance), processor())
    await asyncio.sleep(2)  # the server tells its statistics a little later
    after = dict(await connection.fetch(SCANS, TABLES))
    await connection.close()
    read = [table for table in TABLES if after[table] > before[table]]
    return slow + [f"{table} was read from end to end" for table in read]


async def ask_all(asking: Asking, used: Callable[[], float]) -> list[str]:
    """Print a line for each request, and give those that take too long."""
    slow = []
    print(f"{'ms':36}{'median':>10}{'p99':>10}{'processor':>11}")
    for name, ask in {**asking.of_organisations(), **asking.of_ledger()}.items():
        await timed(ask, WARMING)
        began = used()
        taken = await timed(ask, ROUNDS)
        median, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
        print(f"{name:36}{median:10.2f}{p99:10.2f}{(used() - began) / ROUNDS:11.2f}")
        if median > ALLOWED:
            slow.append(f"{name}: {median:.2f} ms")
    return slow


def main() -> None:
    with house() as at:
        failed = asyncio.run(measure(at))
    if failed:
        sys.exit("\n".join(failed))
    print("every median is within 10 ms, every large table was read by its indexes")


if __name__ == "__main__":
    main()
