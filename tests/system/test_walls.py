"""The walls that no tool knows: each a look at the source, each with its reason."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("services", "gateway", "console", "deploy", "docs", "bench")
LONGEST_FILE, LONGEST_FUNCTION = 250, 30

# What is longer, and why: a length is a smell and not a fault.
LONG_FILES = {
    "services/beneficiaries/migrations/versions/0001_registrations.py": "all tables",
    "services/beneficiaries/migrations/versions/0003_reviews.py": "one window",
    "services/grants/migrations/versions/0002_consortia.py": "tables of four slices",
    "services/grants/migrations/versions/0003_awards.py": "tables of six slices",
}
LONG_FUNCTIONS = {
    "console/imports.py:import_registrations": "half of it is its options",
}
SERVICES = ("beneficiaries", "grants", "employment", "programme")
SETTINGS = ("gateway.settings", *(f"services.{name}.settings" for name in SERVICES))


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), name(path))


def calls(path: Path, called: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and called in {getattr(node.func, part, None) for part in ("id", "attr")}
        for node in ast.walk(tree(path))
    )


def test_only_the_code_that_records_an_opening_says_that_it_is_recorded() -> None:
    """`Recorded` opens a community: made elsewhere, it would open it unrecorded."""
    makers = [name(path) for path in files(*SOURCES) if calls(path, "Recorded")]
    assert makers == [
        "services/beneficiaries/protection/store.py",
        "services/grants/communities/store.py",
    ]


def test_what_is_protected_is_opened_in_one_place() -> None:
    """One place to read is one place to check that a consent was asked for."""
    openers = {name(path) for path in files(*SOURCES) if calls(path, "disclose")}
    assert openers == {
        "services/beneficiaries/protection/api.py",
        "services/beneficiaries/protection/batch.py",  # for statistics, on one record
        "services/grants/communities/api.py",  # asks its store for what was recorded
        "services/grants/communities/vault.py",
    }


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    """A long file is several that nobody has told apart yet."""
    long = {
        name(path)
        for path in files(*SOURCES)
        if len(path.read_text().splitlines()) > LONGEST_FILE
    }
    assert long <= LONG_FILES.keys()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_function_is_longer_than_a_screen() -> None:
    """What cannot be seen at once is not checked at once."""
    long = {
        f"{name(path)}:{function.name}"
        for path in files(*SOURCES)
        for function in functions(path)
        if function.end_lineno
        and function.end_lineno - function.lineno >= LONGEST_FUNCTION
    }
    assert long <= LONG_FUNCTIONS.keys()


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    """Whoever opens a file must know whether to go on reading."""
    silent = [
        name(path)
        for path in files(*SOURCES)
        if path.read_text().strip() and not (ast.get_docstring(tree(path)) or "")
    ]
    assert silent == []


def test_no_process_prints() -> None:
    """What is printed passes every rule of the log by: it may hold anybody's data."""
    printing = [
        name(path) for path in files("services", "gateway") if calls(path, "print")
    ]
    assert printing == []


def settings(module: str) -> type[BaseSettings]:
    found: type[BaseSettings] = import_module(module).Settings
    return found


@pytest.mark.parametrize("module", SETTINGS)
def test_no_secret_has_a_default(module: str) -> None:
    """A default secret is a public one, and works so well that nobody replaces it."""
    fields = settings(module).model_fields
    secrets = {
        field
        for field in fields
        if field in {"database", "keys"} or field.endswith(("_key", "_secret"))
    }
    assert {"database", "audit_key", "passport_key"} <= secrets
    assert {field for field in secrets if not fields[field].is_required()} == set()


@pytest.mark.parametrize("module", SETTINGS)
def test_settings_are_frozen_and_named_after_their_process(module: str) -> None:
    """What a process was told may not change while it runs, nor tell another one."""
    config = settings(module).model_config
    assert config["frozen"] is True
    owner = module.split(".")[-2]
    assert config["env_prefix"] == f"{owner.upper()}_"


def test_no_module_of_ours_looks_at_the_environment_for_itself() -> None:
    """A setting read on the way is one that no process checked before it started."""
    allowed = {
        "services/kit/settings.py",
        "gateway/enrolment.py",  # a command, run by the owner before any process is
        "services/kit/telemetry.py",  # the standard variables of OpenTelemetry
    }
    looking = {
        name(path)
        for path in files("services", "gateway")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert looking <= allowed
