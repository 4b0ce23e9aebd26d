"""The table of operations: what it does not name does not exist from outside."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gateway.operations import beneficiaries, employment, gateway, grants, programme
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants

GATEWAY: Final = "gateway"
KEY = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
HOLE = re.compile(r"\{[a-z_]+\}")

Row = tuple[str, str, str]
TABLE: Mapping[str, tuple[Row, ...]] = {
    "beneficiaries": beneficiaries.ROWS,
    "grants": grants.ROWS,
    "employment": employment.ROWS,
    "programme": programme.ROWS,
    GATEWAY: gateway.ROWS,
}
# Without an access token: two that authenticate their callers themselves, and pages
# that hold nothing of anybody's.
PUBLIC = (
    ("POST", "/token"),
    ("POST", "/exchange"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/start.js"),
    ("GET", "/docs/swagger-ui.css"),
    ("GET", "/docs/swagger-ui-bundle.js"),
    ("GET", "/docs/favicon.png"),
)
# A probe must be able to tell that the audit is down, so it cannot wait for it.
UNAUDITED = (("GET", "/health/live"), ("GET", "/health/ready"))
# What a service has for another service alone: reached with an exchanged passport, or
# with one of the service's own.
INTERNAL = {
    ("beneficiaries", "GET", "/persons/of/{registration}"),
    ("beneficiaries", "GET", "/persons/feed"),
    ("grants", "GET", "/results/feed"),
    ("employment", "GET", "/results/feed"),
    ("beneficiaries", "POST", "/registrations/{key}/introductions"),
    ("beneficiaries", "POST", "/registrations/{key}/introductions/redemption"),
}
# What lasts as long as its client likes: a file on its way, a stream of events, a poll.
LASTING = {
    ("beneficiaries", "GET", "/feed"),
    ("grants", "GET", "/feed"),
    ("employment", "GET", "/feed"),
    ("beneficiaries", "POST", "/imports"),
    ("beneficiaries", "GET", "/imports/{key}/events"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table; without a permission it is public."""

    service: str
    method: str
    path: str
    permission: str | None = None
    audited: bool = True

    @property
    def lasts(self) -> bool:
        return (self.service, self.method, self.path) in LASTING

    @property
    def outside(self) -> str:
        """Give the path as callers write it."""
        return outside(self.service, self.path)

    @property
    def name(self) -> str:
        """Name the operation as audit and telemetry do: a template, never a path."""
        return f"{self.method} {self.outside}"


def outside(service: str, path: str) -> str:
    return path if service == GATEWAY else f"/{service}{path}"


OPERATIONS = (
    *(Operation(service, *row) for service, rows in TABLE.items() for row in rows),
    *(Operation(GATEWAY, *row) for row in PUBLIC),
    *(Operation(GATEWAY, *row, audited=False) for row in UNAUDITED),
)
# Which service may act at which other one, and with no more than which permissions.
EXCHANGES: Mapping[tuple[str, str], frozenset[str]] = {
    ("employment", "beneficiaries"): frozenset(
        {
            Beneficiaries.RESOLVE_PERSONS,
            Beneficiaries.READ_REGISTRATIONS,
            Beneficiaries.INTRODUCE_PERSONS,
            Beneficiaries.REDEEM_INTRODUCTIONS,
        }
    ),
    ("employment", "grants"): frozenset({Grants.READ_ORGANISATIONS}),
}
# What a service may do at another one in its own name, where no caller is behind it.
ITSELF: Mapping[tuple[str, str], frozenset[str]] = {
    ("employment", "beneficiaries"): frozenset({Beneficiaries.FOLLOW_PERSONS}),
    ("programme", "beneficiaries"): frozenset({Beneficiaries.FOLLOW_PERSONS}),
    ("programme", "grants"): frozenset({Grants.FOLLOW_RESULTS}),
    ("programme", "employment"): frozenset({Employment.FOLLOW_RESULTS}),
}


def carried(service: str) -> frozenset[str]:
    """Give what a passport may carry: what is asked for there, or exchanged from there.

    What only an exchange gives is in no passport that goes straight to its service.
    """
    asked = frozenset(permission for _, _, permission in TABLE[service])
    return asked.union(*(held for (by, _), held in EXCHANGES.items() if by == service))


CARRIED = {service: carried(service) for service in TABLE}


@dataclass(frozen=True, slots=True)
class Match:
    """An operation as asked for: with the service's own path and the record's key."""

    operation: Operation
    path: str
    target: UUID | None = None


class Matcher:
    """Finds operations in constant time: each path is one look-up, keys left out."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._plain: dict[tuple[str, str], Match] = {}
        self._keyed: dict[tuple[str, tuple[str | None, ...]], Operation] = {}
        for operation in operations:
            if HOLE.search(operation.path):
                shape = (_hollow(part) for part in operation.outside.split("/"))
                self._keyed[operation.method, tuple(shape)] = operation
            else:
                place = (operation.method, operation.outside)
                self._plain[place] = Match(operation, operation.path)

    def match(self, method: str, path: str) -> Match | None:
        return self._plain.get((method, path)) or self._match_keyed(method, path)

    def _match_keyed(self, method: str, path: str) -> Match | None:
        parts = path.split("/")
        shape = tuple([None if _is_key(part) else part for part in parts])
        operation = self._keyed.get((method, shape))
        if operation is None:
            return None
        key = UUID(parts[shape.index(None)])
        before, _, after = operation.path.partition("{key}")
        return Match(operation, f"{before}{key}{after}", key)


def _is_key(part: str) -> bool:
    return len(part) in {32, 36} and KEY.fullmatch(part) is not None


def _hollow(part: str) -> str | None:
    return None if HOLE.fullmatch(part) else part


MATCHER = Matcher(OPERATIONS)
