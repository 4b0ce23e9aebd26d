"""What is written holds: settings, links, targets, problems, decisions, lines."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from deploy.invitation import lines
from deploy.local import Wishes
from deploy.provision import Urls
from docs.generate import problems, refusals
from gateway.enrolment import Owner

ROOT = Path(__file__).resolve().parent.parent.parent
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
PAGES = sorted(
    [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
    + [*(ROOT / "docs").rglob("*.md")]
)
SERVICES = ("beneficiaries", "grants", "employment", "programme")
PROCESSES = (
    "gateway",
    "gateway.courier",
    *(f"services.{service}" for service in SERVICES),
)
TOLD: list[type[BaseSettings]] = [
    *(import_module(f"{process}.settings").Settings for process in PROCESSES),
    Owner,
    Urls,
    Wishes,
]
LONGEST_DECISION, LONGEST_README = 40, 80
HEADS = ("## Decision", "## Reasons", "## Alternatives", "## Consequences")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TARGET = re.compile(r"\bmake ([a-z]+)")
CODE = re.compile(r"```.*?```", re.DOTALL)
QUOTED = re.compile(r"`([^`]+)`")
CONTRACT = re.compile(r"“([^”]+)”")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(page: str) -> str:
    return (ROOT / page).read_text()


def settings(kind: type[BaseSettings]) -> Iterator[str]:
    prefix = kind.model_config.get("env_prefix", "")
    yield from (f"{prefix}{field}".upper() for field in kind.model_fields)


def slug(heading: str) -> str:
    """Name a heading as the web pages of repositories do."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(page: Path) -> set[str]:
    text = CODE.sub("", page.read_text())
    return {slug(found) for found in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def broken(page: Path) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", page.read_text())):
        target, _, part = link.partition("#")
        if "://" in target:
            continue
        there = page.parent / target if target else page
        if not there.exists() or (part and part not in headings(there)):
            yield link


def sentences() -> Iterator[str]:
    """Give every text of the code that starts processes, and of its refusals."""
    for folder in ("deploy", "deploy/replay", "services/kit"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def enforced_by(decision: Path) -> str:
    return decision.read_text().partition("## Enforced by\n")[2]


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__module__)
def test_every_setting_is_explained(kind: type[BaseSettings]) -> None:
    written = set(QUOTED.findall(read("docs/operations.md")))
    assert [one for one in settings(kind) if one not in written] == []


def test_no_setting_is_explained_that_nobody_reads() -> None:
    read_by_somebody = {one for kind in TOLD for one in settings(kind)}
    table = (
        read("docs/operations.md").partition("## Settings")[2].partition("## Sec")[0]
    )
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    explained = {one for row in rows for one in QUOTED.findall(row.split("|")[1])}
    elsewhere = {"URAMOST_STATE", "URAMOST_ISSUER"}  # of the folder, of Compose
    assert explained - read_by_somebody == elsewhere


def test_every_sentence_of_the_start_is_one_that_is_said() -> None:
    said = "\n".join(sentences())
    table = read("docs/operations.md").partition("## What the sentences mean")[2]
    told = [row.split(" | ")[0][2:] for row in table.splitlines() if "| " in row][2:]
    parts = [part for row in told for part in re.split(r" *…[,;.]? *| / ", row)]
    assert len(told) > 10
    assert [part for part in parts if part not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](gone.md) [b](#here) [c](#gone) [d](https://x.org)")
    assert list(broken(page)) == ["gone.md", "#gone"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_target_of_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    blocks, prose = CODE.findall(page.read_text()), CODE.sub("", page.read_text())
    code = "\n".join((*blocks, *QUOTED.findall(prose)))
    assert set(TARGET.findall(code)) <= targets


def test_the_guide_names_every_target() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", read("Makefile"), re.MULTILINE))
    written = "".join(read(page) for page in ("CONTRIBUTING.md", "docs/operations.md"))
    assert targets - set(TARGET.findall(written)) == {"help"}


def test_the_lines_to_paste_are_those_that_the_launcher_prints() -> None:
    printed = lines("http://127.0.0.1:8000", Path(".state/secrets/demo"))
    assert "\n".join(("```sh", *printed, "```")) in read("README.md")


def test_the_readme_is_short() -> None:
    assert len(read("README.md").splitlines()) <= LONGEST_README


def test_every_refusal_is_listed_with_its_status_and_sentence() -> None:
    page = read("docs/problems.md")
    assert page == problems()
    for refusal in refusals():
        sentence = (refusal.__doc__ or "").splitlines()[0]
        assert f"| {refusal.status.value} | `{refusal.kind()}` | {sentence} |" in page


@pytest.mark.parametrize("decision", DECISIONS, ids=name)
def test_a_decision_fits_on_a_page_and_says_all_it_must(decision: Path) -> None:
    text = decision.read_text()
    rows = text.splitlines()
    assert len(rows) <= LONGEST_DECISION
    assert rows[0].startswith(f"# {decision.name[:4]} ")
    assert re.match(r"\*\*Status\*\* \w+ · \*\*Area\*\* \w+", rows[2])
    assert [row for row in rows if row.startswith("## ")] == [*HEADS, "## Enforced by"]
    assert len(re.findall(r"^> ", text, re.MULTILINE)) == 1  # the line to quote


@pytest.mark.parametrize("decision", DECISIONS, ids=name)
def test_what_enforces_a_decision_exists(decision: Path) -> None:
    named = QUOTED.findall(enforced_by(decision))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
    project = tomllib.loads(read("pyproject.toml"))
    contracts = {one["name"] for one in project["tool"]["importlinter"]["contracts"]}
    assert set(CONTRACT.findall(enforced_by(decision))) <= contracts


def test_every_decision_is_in_the_index_by_its_title() -> None:
    titles = [
        f"- [{decision.name[:4]}]({decision.name}) "
        + decision.read_text().splitlines()[0].removeprefix(f"# {decision.name[:4]} ")
        for decision in DECISIONS
    ]
    index = read("docs/decisions/README.md").splitlines()
    assert [row for row in index if row.startswith("- ")] == titles
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
