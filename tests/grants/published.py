"""What the standards' own schemas say of a document of ours, and what it says."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from okfn_iati import IatiValidator

GIVING = Path(__file__).parent / "schemas" / "360giving-1.3.json"


@cache
def giving_schema() -> jsonschema_rs.Draft4Validator:
    schema = json.loads(GIVING.read_text())
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


@cache
def iati_schema() -> IatiValidator:
    return IatiValidator()


def wrong_as_giving(document: bytes) -> list[str]:
    """Give the errors of a 360Giving package by its schema."""
    return [
        error.message for error in giving_schema().iter_errors(json.loads(document))
    ]


def wrong_as_iati(document: bytes) -> list[str]:
    """Give the errors of an IATI document by its schema, and by IATI's rules."""
    text = document.decode().partition("?>")[2]  # as a string it may not declare bytes
    _, schema = iati_schema().validate_xml(text)
    _, rules = iati_schema().check_ruleset(text)
    return [*schema, *rules]


def grants_in(document: bytes) -> list[dict[str, Any]]:
    """Read a package with its amounts exact, as they are written."""
    grants: list[dict[str, Any]] = json.loads(document, parse_float=Decimal)["grants"]
    return grants


def activities_in(document: bytes) -> list[Any]:
    return list(fromstring(document.decode()))
