"""What processes have spent of the CPU, as /proc tells it; in seconds."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def spent(process: int) -> float:
    """Add up what a process has spent, with its children and theirs, ended ones too."""
    parents: dict[int, list[int]] = {}
    each: dict[int, float] = {}
    for place in PROC.glob("[0-9]*"):
        try:
            stat = _stat(place)
        except OSError:
            continue  # it ended meanwhile
        parents.setdefault(int(stat[1]), []).append(int(place.name))
        each[int(place.name)] = _seconds(stat[11:15])
    found, waiting = 0.0, [process]
    while waiting:
        here = waiting.pop()
        found += each.get(here, 0)
        waiting += parents.get(here, [])
    return found


def alone(process: int) -> float:
    """Give what a process has spent itself."""
    return _seconds(_stat(PROC / str(process))[11:13])


def _stat(place: Path) -> list[str]:
    """Read what follows the name: the state first, then the parent."""
    return (place / "stat").read_text().rpartition(")")[2].split()


def _seconds(ticks: Iterable[str]) -> float:
    return sum(map(int, ticks)) / TICKS
