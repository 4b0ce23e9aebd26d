"""The offices' files on their way into the registry: each agency sends its own."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.replay.doubts import Json
from deploy.replay.parties import NotReplayed, Party
from deploy.replay.people.files import PLAN, Plan
from deploy.replay.people.offices import Office
from deploy.state import ROOT

EVERY: Final = 0.5  # seconds between two looks
ENDED: Final = frozenset({"accepted", "refused", "cancelled"})


async def written(folder: Path, people: int) -> Plan:
    """Have the files written, once, by a process of its own; read what is in them."""
    if (folder / PLAN).exists():
        if (plan := Plan.of(folder)).people == people:
            return plan
        sentence = f"The demo that is here is of {plan.people} people, not {people}."
        raise NotReplayed(sentence)
    command = (sys.executable, "-m", "deploy.replay.people", str(folder), str(people))
    quiet = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=quiet)
    if await child.wait():
        sentence = f"The files of the people could not be written to {folder}."
        raise NotReplayed(sentence)
    return Plan.of(folder)


async def send(
    party: Party, folder: Path, office: Office, tell: Callable[[int], None]
) -> Json:
    """Send a file and follow it; the same file again is the import that it was."""
    content = (folder / office.file).read_bytes()
    import_: Json = await party.upload("/imports", content, office.content_type)
    told = 0
    while import_["state"] not in ENDED:
        await asyncio.sleep(EVERY)
        import_ = await party.look(f"/imports/{import_['id']}")
        done = sum(import_[name] for name in ("recorded", "unchanged", "refused"))
        tell(done - told)
        told = done
    if import_["state"] != "accepted":
        sentence = f"The import of {office.agency} was {import_['state']}."
        raise NotReplayed(sentence)
    return import_
