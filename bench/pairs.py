"""What sixteen clients still get while 1,000 pairs of registrations arrive at once.

    python -m bench.pairs

Prints their throughput alone and under the burst, in the same run; the bar is half.
"""

import asyncio
import time
from collections.abc import Sequence

from bench.clients import Client, Json
from bench.slips import pairs
from gateway.policy import Role
from tests.house import House, house

PAIRS = 1000
OTHERS = 16
ALONE = 10.0  # seconds
BAR = 0.5
PATH = "/beneficiaries/registrations"


async def send(client: Client, people: Sequence[Json]) -> None:
    sent = (
        client.request("POST", PATH, one | {"source_id": f"burst-{number}"})
        for number, one in enumerate(people)
    )
    for answer in await asyncio.gather(*sent):
        answer.raise_for_status()


async def work(client: Client, until: asyncio.Event) -> int:
    served = 0
    while not until.is_set():
        (await client.request("GET", f"{PATH}?limit=5")).raise_for_status()
        served += 1
    return served


async def throughput(others: Sequence[Client], meanwhile: asyncio.Task[None]) -> float:
    """Let the clients work until something is done; give their requests a second."""
    done = asyncio.Event()
    meanwhile.add_done_callback(lambda _: done.set())
    began = time.perf_counter()
    served = await asyncio.gather(*(work(client, done) for client in others))
    await meanwhile
    return sum(served) / (time.perf_counter() - began)


async def wait(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def burst(
    agencies: Sequence[Client], people: Sequence[tuple[Json, Json]]
) -> None:
    sides = ([pair[side] for pair in people] for side in range(2))
    await asyncio.gather(
        *(send(client, side) for client, side in zip(agencies, sides, strict=True))
    )


async def measure(here: House) -> None:
    agencies = [
        await here.enrol(name, f"{name}-load", [Role.REGISTRAR])
        for name in ("unicef", "who")
    ]
    others = [
        await here.enrol("undp", f"undp-{n}", [Role.CASEWORKER]) for n in range(OTHERS)
    ]
    await throughput(others, asyncio.create_task(wait(3)))  # warm
    alone = await throughput(others, asyncio.create_task(wait(ALONE)))
    began = time.perf_counter()
    sending = asyncio.create_task(burst(agencies, pairs(PAIRS)))
    loaded = await throughput(others, sending)
    seconds = time.perf_counter() - began
    print(f"{OTHERS} clients while {PAIRS} pairs arrive at once")
    print(f"  alone           {alone:.0f} requests/s")
    print(f"  under the burst {loaded:.0f} requests/s, for {seconds:.0f} s")
    print(f"  ratio           {loaded / alone:.2f} (bar {BAR})")
    for client in here.clients:
        await client.close()


def main() -> None:
    with house() as here:
        asyncio.run(measure(here))


if __name__ == "__main__":
    main()
