"""Imports of generated files through the gateway: seconds, rates, and memory.

    python -m bench.imports [ROWS ...] [--once]

For each number of rows a house of its own: one agency imports so many people, then,
without --once, a second agency those of them that it knows too: all are duplicates.
Name a number twice, around another, where the machine is not equally fast all the time.
"""

import argparse
import csv
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import httpx

from bench.cpu import alone, spent
from bench.house import House, house
from bench.population import Record, population

FIRST, SECOND = "who-demo", "unicef-demo"
COLUMNS = (
    *("source_id", "given", "family", "father", "former_family", "sex", "birth"),
    *("place", "address", "phones", "household"),
    *("document_kind", "document_number", "document_country"),
)
ENDED = {"accepted", "refused", "cancelled", "held"}
STATES = ("arrived", "started", "finished")


def row(record: Record) -> list[str]:
    said = record.particulars
    names = said.names
    paper = said.documents[0] if said.documents else None
    papers = (paper.kind, paper.number, paper.country) if paper else ("", "", "")
    cells = (
        *(record.source_id, names.given, names.family, names.father),
        *(names.former_family, said.sex, said.birth.value or said.birth.as_written),
        *(said.place, said.address, ";".join(said.phones), said.household),
    )
    return [cell or "" for cell in (*cells, *papers)]


def files(rows: int, folder: Path) -> tuple[Path, Path]:
    """Write two files: of everybody once, and of whoever was registered again."""
    paths = folder / "first.csv", folder / "second.csv"
    seen: set[int] = set()
    again: set[int] = set()
    with paths[0].open("w") as first, paths[1].open("w") as second:
        writers = csv.writer(first), csv.writer(second)
        for writer in writers:
            writer.writerow(COLUMNS)
        for record in population(rows):
            if record.person not in seen:
                writers[0].writerow(row(record))
            elif record.person not in again:
                again.add(record.person)
                writers[1].writerow(row(record))
            seen.add(record.person)
    return paths


class Sender:
    """An agency's script: it sends a file, then asks now and then how far it is."""

    def __init__(self, at: House, client: str) -> None:
        self._at, self._client = at, client
        self._http = httpx.Client(base_url=at.gateway, timeout=120, trust_env=False)

    def bearer(self) -> dict[str, str]:
        secret = (self._at.secrets / self._client).read_text()
        form = {"grant_type": "client_credentials"}
        granted = self._http.post("/token", data=form, auth=(self._client, secret))
        return {"authorization": f"Bearer {granted.json()['access_token']}"}

    def send(self, file: Path) -> Iterator[dict[str, Any]]:
        """Give the import as often as it is looked at, until it ends."""
        headers = self.bearer() | {"content-type": "text/csv"}
        answer = self._http.post(
            "/beneficiaries/imports", content=pieces(file), headers=headers
        )
        assert answer.status_code == 201, answer.text
        path, found = f"/beneficiaries/imports/{answer.json()['id']}", answer.json()
        while found["state"] not in ENDED:
            yield found
            time.sleep(0.5)
            answer = self._http.get(path, headers=headers)
            if answer.status_code == 401:
                headers = self.bearer()
                continue
            found = answer.json()
            if found["state"] == "held":
                self._http.post(f"{path}/release", headers=headers)
                found["state"] = "linked"
        yield found


def pieces(file: Path) -> Iterable[bytes]:
    with file.open("rb") as opened:
        yield from iter(lambda: opened.read(1 << 20), b"")


def measure(at: House, client: str, file: Path) -> float:
    """Import a file and print how long it took; give the seconds a row."""
    began = time.perf_counter()
    marks: dict[str, float] = {}
    found: dict[str, Any] = {}
    for found in Sender(at, client).send(file):
        marks.setdefault(found["state"], time.perf_counter() - began)
    seconds = time.perf_counter() - began
    counts = ("rows", "recorded", "unchanged", "refused", "duplicates")
    print(f"  {client}: " + ", ".join(f"{found[name]} {name}" for name in counts))
    print("    " + ", ".join(f"{state} {at:.1f} s" for state, at in marks.items()))
    print(
        f"    {seconds:.1f} s, {found['rows'] / seconds:.0f} rows/s, {found['state']}"
    )
    print(f"    {used(at)}")
    rows: int = found["rows"]
    return seconds / max(1, rows)


def used(at: House) -> str:
    """Tell of each process the most memory that it had, and its seconds of CPU."""
    told = []
    for id_ in (at.state / "processes").read_text().split():
        place = Path("/proc") / id_
        name = place.joinpath("cmdline").read_text().strip("\0").rpartition("\0")[2]
        status = dict(
            line.split(":", 1) for line in (place / "status").read_text().splitlines()
        )
        most = int(status["VmHWM"].split()[0]) >> 10
        seconds = alone(int(id_))
        told.append(f"{name.removeprefix('services.')} {most} MiB {seconds:.0f} s")
    server = (at.state / "postgres/data/postmaster.pid").read_text().split()[0]
    return ", ".join([*told, f"postgres {spent(int(server)):.0f} s"])


def main(sizes: Iterable[int], *, once: bool = False) -> None:
    slopes = defaultdict[int, list[float]](list)
    for rows in sizes:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            first, second = files(rows, Path(folder))
            print(f"{rows} people")
            with house() as at:
                slopes[rows].append(measure(at, FIRST, first))
                if not once:
                    measure(at, SECOND, second)
    if len(slopes) > 1:
        least, most = (mean(slopes[end]) for end in (min(slopes), max(slopes)))
        print(
            f"a row of {max(slopes)} costs {most / least:.2f} of one of {min(slopes)}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="*", default=[20_000])
    parser.add_argument("--once", action="store_true")
    chosen = parser.parse_args()
    main(chosen.rows, once=chosen.once)
