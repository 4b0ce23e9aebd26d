"""The demo at full size: seconds, CPU and disk, and how well its people are linked.

    python -m bench.demo [PEOPLE]

The launcher is a child, as `make demo` starts it, in a folder and on ports of its own.
Seconds depend on what else the machine does: the load and the CPU's time stand beside.
"""

import asyncio
import base64
import csv
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from math import comb
from pathlib import Path

import asyncpg

from bench.cpu import spent
from bench.house import house
from deploy.replay.scale import WHOLE
from services.kit.sealing import derive

BAR = 300  # seconds, on two cores
MEMBERS = """
select registration.agency, source_digest, person
from registration join membership on registration.id = membership.registration
"""


def main(people: int) -> None:
    settings = {"URAMOST_DEMO": "programme", "URAMOST_PEOPLE": str(people)}
    load, began = os.getloadavg()[0], time.monotonic()
    with house(say=print, **settings) as at:
        seconds = time.monotonic() - began
        print(f"{seconds:.0f} s to the end of the play (bar: {BAR} s on two cores)")
        print(f"{spent(at.launcher):.0f} s of CPU in all processes")
        print(f"load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after")
        print(f"{size(at.state) >> 20} MiB on the disk")
        asyncio.run(linked(at.state))


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


async def linked(state: Path) -> None:
    """Hold the persons of the registry against who is who."""
    secret = state / "secrets/beneficiaries/beneficiaries_master_key"
    master = base64.b64decode(secret.read_text())
    keys: dict[str, bytes] = {}
    true: dict[tuple[str, bytes], str] = {}
    with (state / "programme/truth.csv").open(newline="") as opened:
        for agency, source, person in list(csv.reader(opened))[1:]:
            key = keys.setdefault(agency, derive(master, f"digests/{agency}"))
            digest = hashlib.blake2b(source.encode(), digest_size=16, key=key).digest()
            true[agency, digest] = person
    url = (state / "secrets/migrate/superuser_database").read_text().strip()
    registry = await asyncpg.connect(url.replace("/postgres?", "/beneficiaries?"))
    found = [
        (true[agency, digest], person)
        for agency, digest, person in await registry.fetch(MEMBERS)
        if (agency, digest) in true
    ]
    await registry.close()
    both, is_, was = (
        pairs(found),
        pairs(one for one, _ in found),
        pairs(person for _, person in found),
    )
    print(f"{len(found):,} registrations, {len({p for _, p in found}):,} persons")
    print(f"pairs linked that are one person: {both / max(1, was):.4f} of those linked")
    print(f"pairs linked of those that are one person: {both / max(1, is_):.4f}")


def pairs(groups: Iterable[object]) -> int:
    return sum(comb(count, 2) for count in Counter(groups).values())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else WHOLE.people)
