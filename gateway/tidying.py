"""Makes the merged document shorter, and what is generated from it easier to read."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from services.kit.refusals import PROBLEM

Document = dict[str, Any]
NOTHING: Final[Document] = {"examples": {}}
# What stands below these is somebody's value, and no part of the description.
VALUES: Final = frozenset({"example", "examples", "default", "const", "enum"})


def tidied(document: Document) -> Document:
    """Say what many operations answer once, and no title that repeats a name."""
    document["components"]["responses"] = _shared(document)
    untitled: Document = _untitled(document)
    return untitled | {"info": document["info"]}


def _shared(document: Document) -> Document:
    """Name an answer once by the one refusal it is; operations refer to it.

    Where two refusals have the same name and are not the same, both stay as they are.
    """
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for operation in _operations(document):
        for answer in operation["responses"].values():
            match list(answer.get("content", {}).get(PROBLEM, NOTHING)["examples"]):
                case [name]:
                    found[name].append(answer)
    alike = {name: told for name, told in sorted(found.items()) if _are_one(told)}
    shared = {name: dict(told[0]) for name, told in alike.items()}
    for name, told in alike.items():
        for answer in told:
            answer.clear()
            answer["$ref"] = f"#/components/responses/{name}"
    return shared


def _operations(document: Document) -> Iterator[Document]:
    return (one for path in document["paths"].values() for one in path.values())


def _are_one(told: list[Document]) -> bool:
    return len({json.dumps(one, sort_keys=True) for one in told}) == 1


def _untitled(part: Any) -> Any:  # noqa: ANN401 -- JSON
    """Leave out the titles that pydantic makes of names; a property may be a title."""
    if isinstance(part, list):
        return [_untitled(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: value if name in VALUES else _untitled(value)
        for name, value in part.items()
        if not (name == "title" and isinstance(value, str))
    }
