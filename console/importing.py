"""Sends rows in chunks, several at once, and collects what became of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Final

from console.client import Failure, Gateway
from console.rows import Row

CHUNK: Final = 200  # the most that the registry takes at once
REFUSED: Final = "refused"
RAGGED: Final = ("The row has more or fewer cells than the header.",)


@dataclass(frozen=True)
class Outcome:
    """What became of a row; reasons and warnings name fields, never values."""

    outcome: str
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The rows of an import with their outcomes, in the order of the file."""

    outcomes: tuple[tuple[Row, Outcome], ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(outcome.outcome for _, outcome in self.outcomes)

    @property
    def warned(self) -> int:
        return sum(bool(outcome.warnings) for _, outcome in self.outcomes)

    @property
    def refused(self) -> list[tuple[Row, tuple[str, ...]]]:
        return [
            (row, outcome.reasons)
            for row, outcome in self.outcomes
            if outcome.outcome == REFUSED
        ]


def deliver(
    gateway: Gateway,
    rows: Sequence[Row],
    at_once: int,
    advance: Callable[[int], None],
) -> Report:
    """Send all rows. After a failure, sending all again repeats nothing."""
    chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    pool = ThreadPoolExecutor(at_once)
    try:
        sent = [pool.submit(send, gateway, chunk) for chunk in chunks]
        for future in as_completed(sent):
            advance(len(future.result()))
    finally:
        pool.shutdown(cancel_futures=True)
    return Report(tuple(pair for future in sent for pair in future.result()))


def send(gateway: Gateway, chunk: Sequence[Row]) -> list[tuple[Row, Outcome]]:
    """Send one chunk; a ragged row stays here, since its cells may be misplaced."""
    whole = [row for row in chunk if not row.ragged]
    answers = iter(asked(gateway, whole) if whole else [])
    ragged = Outcome(REFUSED, RAGGED)
    return [(row, ragged if row.ragged else next(answers)) for row in chunk]


def asked(gateway: Gateway, rows: Sequence[Row]) -> list[Outcome]:
    body = {"rows": [row.content() for row in rows]}
    path = "/beneficiaries/imports/rows"
    answered = gateway.request("POST", path, list[Outcome], json=body)
    if len(answered) != len(rows):
        sentence = "The gateway's answer does not fit the rows that were sent."
        raise Failure(sentence)
    return answered
