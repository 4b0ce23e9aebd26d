"""Merges the services' OpenAPI documents into the one that callers read.

A pure function: the generator in `docs/` brings the documents, for the gateway itself
knows no service's application.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from gateway.connection import BrokenOff, TooSlow
from gateway.policy import POLICY
from gateway.routes import GATEWAY, OPERATIONS, Operation
from gateway.tidying import tidied
from services.kit.http import refusing
from services.kit.refusals import (
    PROBLEM,
    NotPermitted,
    Refusal,
    Unauthenticated,
    Unavailable,
)

Document = dict[str, Any]
REFERENCE: Final = re.compile(r"#/components/schemas/([A-Za-z0-9_.-]+)")
INFO: Final = {
    "title": "Uramost",
    "version": "1",
    "description": "The inter-agency registry: one door to beneficiaries, grants, "
    "employment and the programme's results. Obtain a token at `/token` with your "
    "client's credentials, and show it as a bearer token. Each operation names the "
    "permission it needs.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
OAUTH: Final = "uramost"
# OpenAPI wants an absolute address here; whoever serves the document puts in its own.
PLACEHOLDER: Final = "http://127.0.0.1:8000"
BASIC: Final = "client"
AUTHENTICATING: Final = frozenset({"/token", "/exchange"})


def merge(own: Document, services: Mapping[str, Document]) -> Document:
    """Make one document of the gateway's own and those of the services behind it."""
    documents = {GATEWAY: deepcopy(own), **deepcopy(dict(services))}
    names = renamed(documents)
    paths = _paths(documents, names)
    components = {
        "schemas": dict(sorted(_schemas(documents, names))),
        "securitySchemes": _schemes(),
    }
    head = {"openapi": "3.1.0", "info": INFO, "servers": [{"url": "/"}]}
    told = {"tags": _tags(paths), "paths": paths, "components": components}
    return tidied(head | told)


def _paths(
    documents: Mapping[str, Document], names: Mapping[str, Mapping[str, str]]
) -> Document:
    paths: defaultdict[str, Document] = defaultdict(dict)
    for operation in OPERATIONS:
        found = documents.get(operation.service, {}).get("paths", {})
        described = found.get(operation.path, {}).get(operation.method.lower())
        if described is not None:
            told = _pointing(described, names[operation.service])
            verb = operation.method.lower()
            paths[operation.outside][verb] = _completed(told, operation)
    return dict(paths)


def _tags(paths: Document) -> list[Document]:
    """Say beside each tag whose operations bear it, by the first word of their ids."""
    tellers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for operation in (one for path in paths.values() for one in path.values()):
        for tag in operation.get("tags", ()):
            tellers[tag][operation["operationId"].partition("_")[0]] = None
    return [
        {"name": tag, "description": ", ".join(services)}
        for tag, services in tellers.items()
    ]


def _completed(described: Document, operation: Operation) -> Document:
    """Add what only the gateway knows: the permission, and its own refusals."""
    described["responses"] = _told(_gateways(operation), described["responses"])
    permission = operation.permission
    if permission is None:
        basic: Document = {BASIC: []}
        described["security"] = [basic] if operation.path in AUTHENTICATING else []
        return described
    described["security"] = [{OAUTH: [permission]}]
    described["x-permission"] = permission
    told = described.get("description", "")
    described["description"] = f"{told}\n\nPermission: `{permission}`".strip()
    return described


def _gateways(operation: Operation) -> Document:
    kinds: list[type[Refusal]] = [Unavailable] if operation.audited else []
    if operation.permission is not None:
        kinds += [Unauthenticated, NotPermitted]
    if operation.service != GATEWAY:
        kinds += [BrokenOff, TooSlow]
    return {str(status): answer for status, answer in refusing(*kinds).items()}


def _told(mine: Document, theirs: Document) -> Document:
    """Let answers of one status name the refusals of both who may give them."""
    both = {
        status: _united(mine[status], theirs[status])
        for status in mine
        if status in theirs
    }
    return mine | theirs | both


def _united(mine: Document, theirs: Document) -> Document:
    left, right = (one["content"].get(PROBLEM) for one in (mine, theirs))
    if left is None or right is None:
        return theirs | {"content": mine["content"] | theirs["content"]}
    first, second = (one["schema"]["allOf"][1]["properties"] for one in (left, right))
    types = {
        **dict.fromkeys(first["type"]["enum"]),
        **dict.fromkeys(second["type"]["enum"]),
    }
    second["type"]["enum"] = list(types)
    right["examples"] = left["examples"] | right["examples"]
    return theirs


def _schemes() -> Document:
    held = {
        str(permission): "Held by "
        + ", ".join(role for role, has in POLICY.items() if permission in has)
        for permission in sorted(set().union(*POLICY.values()))
    }
    flow = {"tokenUrl": f"{PLACEHOLDER}/token", "scopes": held}
    return {
        OAUTH: {"type": "oauth2", "flows": {"clientCredentials": flow}},
        BASIC: {"type": "http", "scheme": "basic"},
    }


def _schemas_of(document: Document) -> dict[str, Document]:
    schemas: dict[str, Document] = document.get("components", {}).get("schemas", {})
    return schemas


def renamed(documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """Give each service's schemas their names: prefixed only where two differ.

    Two that read alike differ all the same when they refer to some that differ.
    """
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for service, document in documents.items():
        for name, schema in _schemas_of(document).items():
            texts[name][service] = json.dumps(schema, sort_keys=True)
    differing = {name for name, by in texts.items() if len(set(by.values())) > 1}
    while grown := {
        name
        for name, by in texts.items()
        if len(by) > 1
        and name not in differing
        and any(differing & set(REFERENCE.findall(text)) for text in by.values())
    }:
        differing |= grown
    return {
        service: {
            name: f"{service.title()}{name}" if name in differing else name
            for name in _schemas_of(document)
        }
        for service, document in documents.items()
    }


def _schemas(
    documents: Mapping[str, Document], names: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, Document]]:
    for service, document in documents.items():
        for name, schema in _schemas_of(document).items():
            yield names[service][name], _pointing(schema, names[service])


def _pointing(part: Document, names: Mapping[str, str]) -> Document:
    """Let a part of a document refer to the schemas by their new names."""

    def renaming(found: re.Match[str]) -> str:
        return f"#/components/schemas/{names.get(found[1], found[1])}"

    pointed: Document = json.loads(REFERENCE.sub(renaming, json.dumps(part)))
    return pointed
