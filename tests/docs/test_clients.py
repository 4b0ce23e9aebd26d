"""The guide to clients holds: its snippets are lines of the client that is tested."""

import json
import re
from pathlib import Path

import pytest

from docs.generate import ROOT

CLIENT = ROOT / "clients/typescript"
GENERATED = CLIENT / "schema.d.ts"
GUIDE = (ROOT / "docs/clients.md").read_text()
SOURCES = sorted({*CLIENT.glob("*.ts"), *CLIENT.glob("story/*.ts")} - {GENERATED})
SNIPPETS = re.findall(r"```ts\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_is_a_passage_of_the_client(snippet: str) -> None:
    told = [path.read_text() for path in SOURCES]
    lines = [line.strip() for line in snippet.splitlines()]
    assert any(all(line in text for line in lines) for text in told)


def test_the_guide_generates_as_the_client_does() -> None:
    script = json.loads((CLIENT / "package.json").read_text())["scripts"]["generate"]
    [guide] = re.findall(r"^npx (openapi-typescript .*)$", GUIDE, re.MULTILINE)
    here = re.sub(r"\S+openapi\.json", "DOCUMENT", script)
    assert re.sub(r"\S+openapi\.json", "DOCUMENT", guide) == here


def test_every_package_is_pinned_and_locked_by_its_content_alone() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text())["packages"]
    wanted = lock.pop("")
    asked = wanted["dependencies"] | wanted["devDependencies"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in asked.values())
    assert all("integrity" in package for package in lock.values())
    assert [name for name, package in lock.items() if "resolved" in package] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_file_of_the_client_says_first_what_it_is(source: Path) -> None:
    assert source.read_text().startswith("/**")
