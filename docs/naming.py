"""Gives schemas the field's terms: a class is named within its slice, a schema not."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from gateway.openapi import REFERENCE

Document = dict[str, Any]
NAMES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("names.toml").read_text()
)
PAGE: Final = re.compile(r"Page_(\w+?)(?:View)?_")
IRREGULAR: Final = {"consortia": "consortium"}


def named(service: str, document: Document) -> Document:
    """Call every schema of a service as clients are to know it."""
    schemas = document["components"]["schemas"]
    names = {name: outward(service, name) for name in schemas}

    def renaming(found: re.Match[str]) -> str:
        return f"#/components/schemas/{names[found[1]]}"

    renamed: Document = json.loads(REFERENCE.sub(renaming, json.dumps(document)))
    told = renamed["components"]["schemas"]
    renamed["components"]["schemas"] = {names[one]: told[one] for one in told}
    return renamed


def outward(service: str, name: str) -> str:
    short = shortened(name)
    return NAMES[service].get(short, short)


def shortened(name: str) -> str:
    """Put the slice before a name that FastAPI tells apart by its module's path."""
    if page := PAGE.fullmatch(name):
        return f"{page[1]}Page"
    *modules, own = name.split("__")
    return f"{singular(modules[2]).capitalize()}{own}" if modules else name


def singular(name: str) -> str:
    """Call one of what a slice is named after."""
    return IRREGULAR.get(name) or re.sub("s$", "", re.sub("ies$", "y", name))
