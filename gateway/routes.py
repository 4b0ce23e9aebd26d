"""The table of operations: what it does not name does not exist from outside."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gateway.permissions import Access
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants
from services.kit.checkpoints import Audit

GATEWAY: Final = "gateway"
KEY = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
HOLE = re.compile(r"\{[a-z_]+\}")

Row = tuple[str, str, str]
TABLE: Mapping[str, tuple[Row, ...]] = {
    "beneficiaries": (
        ("POST", "/registrations", Beneficiaries.RECORD_REGISTRATIONS),
        ("GET", "/registrations", Beneficiaries.READ_REGISTRATIONS),
        ("POST", "/registrations/search", Beneficiaries.FIND_REGISTRATIONS),
        ("GET", "/registrations/{key}", Beneficiaries.READ_REGISTRATIONS),
        ("PUT", "/registrations/{key}", Beneficiaries.CORRECT_REGISTRATIONS),
        (
            "POST",
            "/registrations/{key}/withdrawal",
            Beneficiaries.WITHDRAW_REGISTRATIONS,
        ),
        ("GET", "/registrations/{key}/history", Beneficiaries.READ_REGISTRATIONS),
        ("POST", "/registrations/{key}/consents", Beneficiaries.RECORD_CONSENTS),
        ("GET", "/registrations/{key}/consents", Beneficiaries.RECORD_CONSENTS),
        ("POST", "/registrations/{key}/disclosures", Beneficiaries.DISCLOSE_PROTECTED),
        ("POST", "/imports/rows", Beneficiaries.IMPORT_REGISTRATIONS),
        ("GET", "/places", Beneficiaries.READ_PLACES),
        ("GET", "/reviews", Beneficiaries.READ_REVIEWS),
        ("GET", "/reviews/{key}", Beneficiaries.READ_REVIEWS),
        ("POST", "/reviews/{key}/judgement", Beneficiaries.DECIDE_REVIEWS),
        ("GET", "/judgements", Beneficiaries.READ_REVIEWS),
        ("POST", "/judgements/{key}/revision", Beneficiaries.DECIDE_REVIEWS),
        ("POST", "/linkage/rekey", Beneficiaries.REKEY_LINKAGE),
        ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
        ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
    ),
    "grants": (
        ("POST", "/organisations", Grants.RECORD_ORGANISATIONS),
        ("GET", "/organisations", Grants.READ_ORGANISATIONS),
        ("GET", "/organisations/{key}", Grants.READ_ORGANISATIONS),
        ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
        ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
    ),
    "employment": (
        ("POST", "/employers", Employment.RECORD_EMPLOYERS),
        ("GET", "/employers", Employment.READ_EMPLOYERS),
        ("GET", "/employers/{key}", Employment.READ_EMPLOYERS),
        ("POST", "/vacancies", Employment.RECORD_VACANCIES),
        ("GET", "/vacancies", Employment.READ_VACANCIES),
        ("GET", "/vacancies/{key}", Employment.READ_VACANCIES),
        ("POST", "/placements", Employment.RECORD_PLACEMENTS),
        ("GET", "/placements", Employment.READ_PLACEMENTS),
        ("GET", "/placements/{key}", Employment.READ_PLACEMENTS),
        ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
        ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
    ),
    GATEWAY: (
        ("GET", "/agreements", Access.READ_AGREEMENTS),
        ("GET", "/purposes", Access.READ_PURPOSES),
        ("GET", "/audit/checkpoints", Audit.READ_CHECKPOINTS),
        ("GET", "/audit/key", Audit.READ_CHECKPOINTS),
    ),
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
# What a service has for another service alone; reached with an exchanged passport only.
INTERNAL = {("beneficiaries", "GET", "/persons/of/{registration}")}


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table; without a permission it is public."""

    service: str
    method: str
    path: str
    permission: str | None = None
    audited: bool = True

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
        {Beneficiaries.RESOLVE_PERSONS, Beneficiaries.READ_REGISTRATIONS}
    ),
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
