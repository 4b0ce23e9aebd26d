"""FEBRL 4 through the gateway: two agencies import, the desk's links meet the truth.

    python -m bench.registry FOLDER

Once with the document number and once without. FOLDER as for bench.febrl.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.clients import Client, Json
from bench.febrl import SETS, registrations, truth
from bench.house import House, house
from bench.matching import Pair, Quality, pair, pairs_within, persons_of

FILES = SETS["FEBRL 4"]
AGENCIES = ("unicef", "who")


def rows(folder: Path, file: str, *, documents: bool) -> list[Json]:
    run = "with" if documents else "without"
    return [
        {"source_id": f"{source_id}/{run}"} | particulars.model_dump(mode="json")
        for source_id, particulars in registrations(folder, [file], documents=documents)
    ]


async def measure(at: House, folder: Path, *, documents: bool) -> None:
    clients = [Client.of(at.gateway, at.secrets, f"{name}-demo") for name in AGENCIES]
    desk = Client.of(at.gateway, at.secrets, "registry-desk-demo")
    sent = [rows(folder, file, documents=documents) for file in FILES]
    began = time.perf_counter()
    answers = await asyncio.gather(
        *(client.load(each) for client, each in zip(clients, sent, strict=True))
    )
    seconds = time.perf_counter() - began
    known = {
        answer["registration"]: row["source_id"].partition("/")[0]
        for rows_, answered in zip(sent, answers, strict=True)
        for row, answer in zip(rows_, answered, strict=True)
    }
    everyone = [desk, *clients]
    judged = [
        one for who in everyone for one in await who.all("/beneficiaries/judgements")
    ]
    queue = [one for who in everyone for one in await who.all("/beneficiaries/reviews")]
    warned = sum(bool(answer["warnings"]) for each in answers for answer in each)
    report(known, judged, queue, seconds=seconds, warned=warned, documents=documents)
    for client in everyone:
        await client.close()


def pairs(known: Mapping[str, str], found: Sequence[Json]) -> set[Pair]:
    ends = [(known.get(one["low"]), known.get(one["high"])) for one in found]
    return {pair(low, high) for low, high in ends if low and high}


def report(  # noqa: PLR0913 -- all that is printed
    known: Mapping[str, str],
    judged: Sequence[Json],
    queue: Sequence[Json],
    *,
    seconds: float,
    warned: int,
    documents: bool,
) -> None:
    true = truth(known.values())
    same = pairs(known, [one for one in judged if one["verdict"] == "same"])
    linked = pairs_within(persons_of(same))
    waiting = pairs(known, queue) - linked
    named = {end for ends in waiting for end in ends}
    label = "with" if documents else "without"
    print(f"FEBRL 4 through the gateway, {label} documents")
    print(f"  registrations   {len(known)}, true pairs {len(true)}")
    print(f"  unreadable      {warned} birth dates, kept as written")
    print(f"  links           {Quality.of(linked, true)}")
    print(f"  links and queue {Quality.of(linked | waiting, true)}")
    print(f"  queue           {len(named) / len(known):.2%} of registrations")
    print(
        f"  import          {seconds:.1f} s, {len(known) / seconds:.0f} registrations/s"
    )


def main(folder: Path) -> None:
    for documents in (True, False):
        with house() as at:
            asyncio.run(measure(at, folder, documents=documents))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
