"""The witness: checkpoints of an audit, kept where its operator cannot reach them.

An audit that was edited or cut short contradicts what somebody else has kept.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from console.client import Failure


@dataclass(frozen=True)
class Checkpoint:
    """The end of an audit's chain at one moment; `signed` is a token of ES256."""

    position: int
    at: str
    hash: str
    signed: str


def keep(file: Path, shown: Iterable[Checkpoint]) -> int:
    """Add the checkpoints that are new, after holding the old against them."""
    kept = read(file)
    fetched = {one.position: one for one in shown}
    compare(kept, fetched)
    new = [one for position, one in sorted(fetched.items()) if position not in kept]
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.writelines(json.dumps(asdict(one)) + "\n" for one in new)
    except OSError as cause:
        sentence = f"{file} cannot be written ({cause.strerror})."
        raise Failure(sentence) from None
    return len(new)


def read(file: Path) -> dict[int, Checkpoint]:
    """Read what was kept; a file that is not there has kept nothing."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        kept = map(TypeAdapter(Checkpoint).validate_json, lines)
        return {one.position: one for one in kept}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, ValidationError):
        sentence = f"{file} is not a file of checkpoints."
        raise Failure(sentence) from None


def compare(kept: Mapping[int, Checkpoint], fetched: Mapping[int, Checkpoint]) -> None:
    """Refuse an audit whose end lies before what was kept, or which says otherwise."""
    shorter = max(kept, default=0) > max(fetched, default=0)
    if shorter or any(
        kept[position].hash != fetched[position].hash
        for position in kept.keys() & fetched.keys()
    ):
        sentence = "The audit contradicts what was kept: it was cut short or changed."
        raise Failure(sentence)
