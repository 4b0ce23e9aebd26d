"""The secrets: made once and all together, closed, and never made twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy import secrets
from deploy.databases import DATABASES, GUESTS, ROLES
from deploy.migrate import ROOT
from deploy.secrets import KEPT, KeyFileMissing


def nowhere(database: str, role: str, password: str) -> str:
    return f"postgresql://{role}:{password}@nowhere/{database}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secrets.make(tmp_path / "secrets")
    secrets.derive(tmp_path / "secrets", nowhere)
    return tmp_path / "secrets"


def command(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our interpreter, our module
        [sys.executable, "-m", "deploy.secrets", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_no_two_of_them_are_the_same(folder: Path) -> None:
    kept = [(folder / name).read_text() for name in KEPT]
    assert len(set(kept)) == len(kept)


def test_the_services_get_the_public_half_of_what_the_gateway_signs_with(
    folder: Path,
) -> None:
    private = (folder / "gateway/gateway_passport_key").read_text()
    for service in ("beneficiaries", "grants", "employment", "programme"):
        public = (folder / service / f"{service}_passport_key").read_text()
        assert public == secrets.public_half(private)
        assert "PRIVATE" not in public


def test_no_process_finds_the_password_of_another(folder: Path) -> None:
    for service in (*DATABASES[:-1], *GUESTS):
        told = "\n".join(contents(folder / service).values())
        own = {service, "keys"} if service == "beneficiaries" else {service}
        passwords = secrets.passwords(folder)
        assert {role for role in ROLES if passwords[role] in told} == own


def test_they_are_their_owners_alone(folder: Path) -> None:
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("lost", KEPT)
def test_a_lost_one_is_named_and_not_made_again(folder: Path, lost: str) -> None:
    (folder / lost).unlink()
    with pytest.raises(KeyFileMissing, match=lost):
        secrets.require_whole(folder)
    assert not (folder / lost).exists()


def test_the_command_makes_them_once_for_containers_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "compose"
    assert command(folder).returncode == 0
    made = contents(folder)
    assert command(folder).returncode == 0
    assert contents(folder) == made
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in made} == {0o444}
    (folder / "grants/grants_audit_key").unlink()
    refused = command(folder)
    assert refused.returncode == 1
    assert "grants_audit_key is missing" in refused.stderr
