"""One document describes the whole: valid, complete, and with every permission."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from docs.generate import GENERATED, ROOT
from gateway.openapi import PLACEHOLDER, REFERENCE, Document, merge, renamed
from gateway.routes import OPERATIONS
from gateway.tidying import tidied
from services.kit.refusals import PROBLEM
from tests.gateway.conftest import ISSUER, House

SHARED = re.compile(r"#/components/responses/(\w+)")
PAGES = {"/openapi.json", "/docs", "/health/live", "/health/ready"}


@pytest.fixture(scope="module")
def document() -> Document:
    found: Document = json.loads((ROOT / "gateway/openapi.json").read_text())
    return found


def described(document: Document) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield verb.upper(), path, operation


def told(document: Document) -> Iterator[tuple[str, Any]]:
    """Give every problem that an operation may answer, with its status."""
    for _, _, operation in described(document):
        for status, answer in operation["responses"].items():
            content = resolved(document, answer).get("content", {})
            if PROBLEM in content:
                yield status, content[PROBLEM]


def resolved(document: Document, answer: Document) -> Document:
    if "$ref" not in answer:
        return answer
    found: Document = document["components"]["responses"][
        answer["$ref"].rpartition("/")[2]
    ]
    return found


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_generated_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text() == GENERATED[name]()


def test_it_is_valid_openapi(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    OPENAPI_31_VALIDATOR.validate(document)


def test_every_operation_is_described(document: Document) -> None:
    named = {
        (operation.method, operation.outside)
        for operation in OPERATIONS
        if operation.outside not in PAGES and not operation.outside.startswith("/docs/")
    }
    assert {(method, path) for method, path, _ in described(document)} == named


def test_every_operation_names_its_permission(document: Document) -> None:
    asked = {(one.method, one.outside): one.permission for one in OPERATIONS}
    scopes = document["components"]["securitySchemes"]["uramost"]["flows"]
    for method, path, operation in described(document):
        permission = asked[method, path]
        if permission is None:
            assert "x-permission" not in operation
            continue
        assert operation["x-permission"] == permission
        assert operation["security"] == [{"uramost": [permission]}]
        assert f"Permission: `{permission}`" in operation["description"]
        assert permission in scopes["clientCredentials"]["scopes"]


def test_every_guarded_operation_tells_its_refusals(document: Document) -> None:
    for _, path, operation in described(document):
        if "x-permission" in operation:
            assert {"401", "403", "503"} <= set(operation["responses"]), path
        if path.startswith(("/beneficiaries", "/grants", "/employment")):
            assert {"502", "504"} <= set(operation["responses"]), path


def test_operation_ids_are_one_each(document: Document) -> None:
    names = [operation["operationId"] for _, _, operation in described(document)]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(document: Document) -> None:
    schemas, answers = (document["components"][one] for one in ("schemas", "responses"))
    assert set(REFERENCE.findall(json.dumps(document))) <= set(schemas)
    assert set(SHARED.findall(json.dumps(document))) == set(answers)


def test_every_problem_says_of_which_types_it_is(document: Document) -> None:
    problems = list(told(document))
    assert len(problems) > len(document["paths"])
    for status, problem in problems:
        shown = {one["value"]["type"] for one in problem["examples"].values()}
        general, here = problem["schema"]["allOf"]
        assert general == {"$ref": "#/components/schemas/Problem"}
        assert set(here["properties"]["type"]["enum"]) == shown
        assert here["properties"]["status"]["const"] == int(status)


def test_whatever_a_service_forbids_the_gateway_may_forbid_too(
    document: Document,
) -> None:
    for _, path, operation in described(document):
        if "x-permission" in operation:
            answer = resolved(document, operation["responses"]["403"])
            types = answer["content"][PROBLEM]["examples"]
            assert "NotPermitted" in types, path


def test_a_title_repeats_no_name_and_a_property_may_be_called_so() -> None:
    item = {"type": "string", "title": "Title"}
    call = {"title": "CallView", "properties": {"title": item}, "example": item}
    components = {"schemas": {"CallView": call}}
    tidy = tidied({"info": {"title": "Uramost"}, "paths": {}, "components": components})
    assert tidy["info"]["title"] == "Uramost"
    assert tidy["components"]["schemas"]["CallView"] == {
        "properties": {"title": {"type": "string"}},
        "example": item,
    }


def schema(**schemas: object) -> Document:
    return {"components": {"schemas": schemas}}


def test_schemas_are_told_apart_only_where_they_differ() -> None:
    pointing = {"$ref": "#/components/schemas/Kind"}
    left = schema(Same={"type": "string"}, Kind={"enum": ["a"]}, Holder=pointing)
    right = schema(Same={"type": "string"}, Kind={"enum": ["b"]}, Holder=pointing)
    names = renamed({"grants": left, "employment": right})
    assert names["grants"] == {
        "Same": "Same",
        "Kind": "GrantsKind",
        "Holder": "GrantsHolder",
    }
    merged = merge({}, {"grants": left, "employment": right})
    schemas = merged["components"]["schemas"]
    assert schemas["EmploymentHolder"] == {
        "$ref": "#/components/schemas/EmploymentKind"
    }


async def test_it_is_served_to_everybody(house: House, document: Document) -> None:
    answer = await house.client.get("/openapi.json")
    written = json.dumps(document).replace(PLACEHOLDER, ISSUER)
    assert answer.json() == json.loads(written)
