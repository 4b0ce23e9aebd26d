"""What schemas are called outside holds: by the field's terms, each by one."""

import json
import re
from collections import defaultdict
from functools import cache

import pytest

from docs.generate import ROOT, SERVICES, described
from docs.naming import NAMES, Document, named, outward, shortened

PLAIN = re.compile(r"([A-Z][a-z0-9]*)+|OAuth\w+")


@cache
def own(service: str) -> Document:
    """Let a service, or the gateway, describe itself in its own words."""
    return described(service)


@pytest.mark.parametrize("service", ["gateway", *SERVICES])
def test_every_name_is_given_to_a_schema_that_is_there(service: str) -> None:
    there = {shortened(name) for name in own(service)["components"]["schemas"]}
    assert NAMES[service].keys() - there == set()


@pytest.mark.parametrize("service", ["gateway", *SERVICES])
def test_two_schemas_have_one_name_only_where_they_are_one(service: str) -> None:
    schemas = own(service)["components"]["schemas"]
    told = defaultdict(set)
    for name, schema in schemas.items():
        told[outward(service, name)].add(json.dumps(schema, sort_keys=True))
    assert [name for name, texts in told.items() if len(texts) > 1] == []
    assert named(service, own(service))["components"]["schemas"].keys() == told.keys()


def test_no_name_outside_is_one_of_the_machinery() -> None:
    document = json.loads((ROOT / "gateway/openapi.json").read_text())
    names = document["components"]["schemas"]
    assert [name for name in names if not PLAIN.fullmatch(name)] == []


def test_every_schema_says_what_it_is() -> None:
    document = json.loads((ROOT / "gateway/openapi.json").read_text())
    schemas = document["components"]["schemas"]
    assert [name for name, one in schemas.items() if not one.get("description")] == []
