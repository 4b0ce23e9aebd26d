"""The states of an import, when it is held, and how one of its rows is read."""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from services.beneficiaries.registry.rules import Content
from services.kit.refusals import Refusal, pointer

MOST_ROWS = 1_000_000
UNREADABLE = "The birth date could not be read; it is kept as written."
Reasons = tuple[str, ...]


class State(StrEnum):
    """How far an import has come."""

    ARRIVING = "arriving"
    RECEIVED = "received"
    CHECKED = "checked"
    LINKED = "linked"
    HELD = "held"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


NEXT: Mapping[State, frozenset[State]] = {
    State.ARRIVING: frozenset({State.RECEIVED, State.CANCELLED}),
    State.RECEIVED: frozenset({State.CHECKED, State.REFUSED, State.CANCELLED}),
    State.CHECKED: frozenset({State.LINKED, State.HELD, State.CANCELLED}),
    State.HELD: frozenset({State.LINKED, State.CANCELLED}),
    State.LINKED: frozenset({State.ACCEPTED, State.CANCELLED}),
    State.ACCEPTED: frozenset(),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
}
ENDED = frozenset(state for state, following in NEXT.items() if not following)


class NotNow(Refusal):
    """The import is in a state in which this cannot be done to it."""

    status = HTTPStatus.CONFLICT


class Destroyed(Refusal):
    """What this import held of its file has been destroyed, as it is after its time."""

    status = HTTPStatus.GONE


class UnknownKind(Refusal):
    """The content type is none of a file that can be imported."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Unreadable(Exception):  # noqa: N818 -- the sentence that a refused import shows
    """Why a file as a whole cannot be read; the sentence holds nothing of the file.

    `headers` are what the file calls the columns in question, for its agency alone.
    """

    def __init__(self, sentence: str, *headers: str) -> None:
        super().__init__(sentence)
        self.headers = headers


def step(state: State, to: State) -> State:
    """Go on to another state, or refuse where no step leads there."""
    if to not in NEXT[state]:
        raise NotNow
    return to


def judged(good: int, duplicates: int) -> State:
    """Hold an import of which half the good rows or more are duplicates."""
    return State.HELD if good and duplicates * 2 >= good else State.LINKED


def read(row: Mapping[str, Any], today: date) -> Content | Reasons:
    """Read one row; the reasons name the fields, never what stood in them."""
    try:
        content = Content.model_validate_json(json.dumps(row))
    except ValidationError as wrong:
        return tuple(f"{pointer(one['loc'])}: {one['msg']}" for one in wrong.errors())
    wrong_today = content.wrong_on(today)
    return (f"/birth: {wrong_today}",) if wrong_today else content


def warnings(content: Content) -> Reasons:
    return () if content.readable() else (UNREADABLE,)
