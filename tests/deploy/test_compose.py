"""The Compose file: valid, closed, and telling each process just what it reads."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy import secrets
from deploy.databases import ROLES
from deploy.migrate import ROOT
from deploy.provision import Urls
from services.kit.settings import Standing

PROCESSES = {
    "gateway": "gateway",
    "beneficiaries": "services.beneficiaries",
    "grants": "services.grants",
    "employment": "services.employment",
    "imports": "services.beneficiaries",
    "programme": "services.programme",
    "courier": "gateway.courier",
}
EVERY = {"URAMOST_SECRETS", "OTEL_EXPORTER_OTLP_ENDPOINT"}
KINDS = re.compile(r"database|keys|key|secret")


@cache
def compose() -> dict[str, Any]:
    """Read the file as Compose does, with nothing set around it."""
    written = (ROOT / "docker-compose.yml").read_text()
    plain = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", written)
    loaded: dict[str, Any] = yaml.safe_load(plain)
    return loaded


def service(name: str) -> dict[str, Any]:
    described: dict[str, Any] = compose()["services"][name]
    return described


def settings_of(name: str) -> type[Standing]:
    read: type[Standing] = import_module(f"{PROCESSES[name]}.settings").Settings
    return read


def prefix_of(name: str) -> str:
    """Give the beginning of a process's settings: its service's name."""
    return f"{PROCESSES[name].rpartition('.')[2]}_"


def told(name: str) -> set[str]:
    """Name what a process is told in its environment, as fields of its settings."""
    prefix = prefix_of(name).upper()
    named = set(service(name)["environment"]) - EVERY
    assert {one for one in named if not one.startswith(prefix)} == set()
    return {one.removeprefix(prefix).lower() for one in named}


def entrusted(name: str) -> set[str]:
    named: list[str] = service(name)["secrets"]
    assert {one for one in named if not one.startswith(prefix_of(name))} == set()
    return {one.removeprefix(prefix_of(name)) for one in named}


def required(read: type[BaseSettings]) -> set[str]:
    fields = read.model_fields.items()
    return {name for name, field in fields if field.is_required()}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "compose"
    secrets.make(folder, 0o444)
    secrets.derive(folder, secrets.compose_address, 0o444)
    return folder


def mount(name: str, made: Path, place: Path) -> Path:
    """Lay a service's secrets into one folder, as Compose mounts them."""
    place.mkdir()
    for secret in service(name)["secrets"]:
        file = Path(compose()["secrets"][secret]["file"]).relative_to(".state/compose")
        (place / secret).write_bytes((made / file).read_bytes())
    return place


def test_it_is_a_compose_file() -> None:
    read = compose_spec.PyCompose.from_yaml(yaml.safe_dump(compose()))
    assert set(read.service_names()) == set(compose()["services"])


def test_what_is_no_compose_file_is_recognised() -> None:
    wrong = yaml.safe_dump(compose() | {"network": {}})
    with pytest.raises(ValueError, match="network"):
        compose_spec.PyCompose.from_yaml(wrong)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_told_all_that_it_needs_and_nothing_it_does_not_read(
    name: str,
) -> None:
    read = settings_of(name)
    given = told(name) | entrusted(name)
    assert required(read) <= given <= set(read.model_fields)


@pytest.mark.parametrize("name", PROCESSES)
def test_what_is_secret_is_a_file_and_what_is_not_is_read_in_the_compose_file(
    name: str,
) -> None:
    assert {one for one in told(name) if KINDS.search(one)} == set()
    assert {one for one in entrusted(name) if not KINDS.search(one)} == set()
    assert not told(name) & entrusted(name)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_from_what_it_is_given(
    name: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in service(name)["environment"].items():
        monkeypatch.setenv(variable, value or "")
    folder = mount(name, made, tmp_path / "mounted")
    monkeypatch.setenv("URAMOST_SECRETS", str(folder))
    settings = settings_of(name).load()
    assert settings.host == "0.0.0.0"  # noqa: S104 -- inside its container
    health = service(name)["healthcheck"]["test"][-1]
    assert f":{settings.port}/health/ready" in health


def test_the_migration_is_given_every_password_it_sets(
    made: Path, tmp_path: Path
) -> None:
    assert set(service("migrate")["secrets"]) == set(Urls.model_fields)
    urls = Urls(_secrets_dir=mount("migrate", made, tmp_path / "mounted"))
    given = urls.passwords()
    assert {role: given[role] for role in ROLES} == secrets.passwords(made)


def test_every_secret_it_names_is_made(made: Path) -> None:
    for described in compose()["secrets"].values():
        named = Path(described["file"]).relative_to(".state/compose")
        assert (made / named).read_text()


def test_a_secret_is_given_to_whoever_reads_it_and_to_nobody_else() -> None:
    for name, module in PROCESSES.items():
        for other in (one for one, its in PROCESSES.items() if its != module):
            assert not set(service(name)["secrets"]) & set(service(other)["secrets"])


def test_only_the_gateway_is_reached_from_outside() -> None:
    services: dict[str, Any] = compose()["services"]
    assert {one for one in services if "ports" in services[one]} == {"gateway"}
    outside = {one for one in services if "outside" in services[one]["networks"]}
    assert outside == {"gateway", "courier"}  # which reaches out, and publishes no port
    assert compose()["networks"]["inside"]["internal"] is True


def test_no_container_may_more_than_it_must() -> None:
    for described in compose()["services"].values():
        assert described["read_only"] is True
        assert described["cap_drop"] == ["ALL"]
        assert described["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in described


def test_the_image_runs_as_an_ordinary_user_and_holds_what_the_house_has() -> None:
    recipe = (ROOT / "deploy/Dockerfile").read_text()
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", recipe, re.MULTILINE)
    assert "--require-hashes" in recipe
    copied = set(re.findall(r"^COPY (\S+)", recipe, re.MULTILINE))
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored.index("*") < min(ignored.index(f"!{name}") for name in copied)
    assert {line.removeprefix("!") for line in ignored if line[:1] == "!"} == copied
