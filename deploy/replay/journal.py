"""What was done and what was answered: a play that was interrupted goes on by it.

The play is written as if nothing ever stopped it. Played again, whatever was answered
before is answered from here, and the first act without an answer is the next to do.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

START: Final = "began"


class Journal:
    """Lines of a file: an act as it begins, and once more with its answer."""

    def __init__(self, path: Path) -> None:
        self._times = Counter[str]()
        self._answers: dict[str, Any] = {}
        self._known: set[str] = set()
        self._begun: set[str] = set()
        self._read(path)
        path.touch(mode=0o600)
        self._path = path
        if START not in self._answers:
            now = datetime.now(UTC).replace(microsecond=0)
            self.keep(START, now.isoformat())

    def _read(self, path: Path) -> None:
        """Read what there is; a last line that broke off says nothing, and goes."""
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        whole = written[: written.rfind("\n") + 1]
        if whole != written:
            path.write_text(whole, encoding="utf-8")
        for line in whole.split("\n")[:-1]:
            act, *answer = json.loads(line)
            self._begun.add(act)
            if answer:
                self._remember(act, answer[0])

    @property
    def began(self) -> datetime:
        """Give the moment at which the play began, however often it went on since."""
        return datetime.fromisoformat(self._answers[START])

    def name(self, *act: object) -> str:
        """Name an act so that the same play names it the same the next time."""
        written = json.dumps(act, sort_keys=True, default=str)
        self._times[written] += 1
        told = f"{written}{self._times[written]}"
        return sha256(told.encode()).hexdigest()[:32]

    def __contains__(self, act: str) -> bool:
        return act in self._answers

    def __getitem__(self, act: str) -> Any:  # noqa: ANN401 -- JSON
        return self._answers[act]

    def begin(self, act: str) -> bool:
        """Note that an act is being done; tell whether it was begun before."""
        if act in self._begun:
            return True
        self._begun.add(act)
        self._write([act])
        return False

    def keep(self, act: str, answer: object) -> None:
        self._remember(act, answer)
        self._write([act, answer])

    def made(self, key: object) -> bool:
        """Tell whether an answer that is kept here spoke of this id."""
        return key in self._known

    def _remember(self, act: str, answer: object) -> None:
        self._answers[act] = answer
        self._known.update(_ids(answer))

    def _write(self, line: list[object]) -> None:
        with self._path.open("a", encoding="utf-8") as opened:
            opened.write(json.dumps(line, ensure_ascii=False) + "\n")


def _ids(answer: object) -> Iterator[str]:
    if isinstance(answer, list):
        for one in answer:
            yield from _ids(one)
    elif isinstance(answer, dict):
        if isinstance(key := answer.get("id"), str):
            yield key
        yield from _ids(list(answer.values()))
