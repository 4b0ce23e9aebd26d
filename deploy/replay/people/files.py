"""The offices' files, the truth beside them, and whom each agency will find work for.

Seeded: the same number of people gives the same files. Who is who stands in `truth.csv`
and in no office's file.
"""

import csv
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from deploy.replay.people.forms import written
from deploy.replay.people.households import Somebody, region
from deploy.replay.people.offices import FIELDS, HEADERS, OFFICES, Office

SEED: Final = 2008
# How many offices know one person, of a hundred people.
KNOWN_BY: Final = {1: 82, 2: 15, 3: 3}
AGAIN: Final = 0.02  # of registrations, made once more in the same office
GROWN: Final = 1990  # whoever was born until then can be placed
EARLY: Final = 700  # rows of a file among which those are looked for
PLAN, TRUTH = "plan.json", "truth.csv"
PAPER: Final = FIELDS.index("personal_number")

Row = list[str]
Rows = list[Row]


@dataclass
class Plan:
    """What a play needs to know of the files: their rows, and source ids to place.

    `twice` are people whom two agencies have registered with the same document: the
    first places them, and the second tries to.
    """

    people: int
    rows: dict[str, int] = field(default_factory=dict)
    seekers: dict[str, list[str]] = field(default_factory=dict)
    twice: list[tuple[str, str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> "Plan":
        return cls(**json.loads((folder / PLAN).read_text(encoding="ascii")))


def make(folder: Path, people: int) -> Plan:
    """Write everybody down. The plan is written last: with it the files are whole."""
    plan = Plan(people, seekers={office.agency: [] for office in OFFICES})
    books: dict[str, Rows] = {office.agency: [] for office in OFFICES}
    truth: list[tuple[str, str, int]] = []
    chance = random.Random(SEED)
    for somebody in region(people, chance):
        known = list(_registered(somebody, books, chance))
        truth += [(agency, row[0], somebody.number) for agency, row in known]
        if somebody.born[0] <= GROWN and all(
            len(books[agency]) <= EARLY for agency, _ in known
        ):
            _consider(plan, known)
    plan.rows = {agency: len(rows) for agency, rows in books.items()}
    for office in OFFICES:
        path = folder / office.file
        WRITERS[path.suffix](path, office, books[office.agency])
    with (folder / TRUTH).open("w", encoding="ascii", newline="") as opened:
        csv.writer(opened).writerows([("agency", "source_id", "person"), *truth])
    (folder / PLAN).write_text(json.dumps(asdict(plan)), encoding="ascii")
    return plan


def _registered(
    somebody: Somebody, books: Mapping[str, Rows], chance: random.Random
) -> Iterator[tuple[str, Row]]:
    """Let one to three offices write somebody down, now and then one of them twice."""
    [count] = chance.choices(list(KNOWN_BY), list(KNOWN_BY.values()))
    for office in chance.sample(OFFICES, count):
        for _ in range(2 if chance.random() < AGAIN else 1):
            book = books[office.agency]
            number = f"{office.agency.upper()}-{len(book) + 1:06}"
            book.append([number, *written(somebody, office, chance)])
            yield office.agency, book[-1]


def _consider(plan: Plan, known: list[tuple[str, Row]]) -> None:
    """Let the first office that knows somebody place them."""
    (agency, row), *others = known
    plan.seekers[agency].append(row[0])
    for other, theirs in others:
        if other != agency and theirs[PAPER] and theirs[PAPER] == row[PAPER]:
            plan.twice.append((agency, row[0], other, theirs[0]))
            return


def _as_csv(path: Path, office: Office, rows: Rows) -> None:
    with path.open("w", encoding=office.charset, newline="") as opened:
        delimiter = ";" if office.language == "sr" else ","
        writer = csv.writer(opened, delimiter=delimiter)
        writer.writerows([HEADERS[office.language], *rows])


def _as_lines(path: Path, office: Office, rows: Rows) -> None:
    with path.open("w", encoding=office.charset) as opened:
        for row in rows:
            told = dict(zip(HEADERS[office.language], row, strict=True))
            opened.write(json.dumps(told, ensure_ascii=False) + "\n")


def _as_parquet(path: Path, office: Office, rows: Rows) -> None:
    columns = dict(zip(HEADERS[office.language], zip(*rows, strict=True), strict=True))
    parquet.write_table(pa.table(columns), path)


WRITERS: Final[Mapping[str, Callable[[Path, Office, Rows], None]]] = {
    ".csv": _as_csv,
    ".jsonl": _as_lines,
    ".parquet": _as_parquet,
}
