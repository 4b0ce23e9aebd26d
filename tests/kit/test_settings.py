"""A process is told everything before it starts, or names what it was not told."""

from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.beneficiaries.settings import Settings
from services.kit.settings import NotConfigured

GIVEN = {
    "database": "postgresql://beneficiaries:hidden@/beneficiaries?host=/sockets",
    "keys": "postgresql://keys:hidden@localhost:5432/keys",
    "master_key": b64encode(bytes(32)).decode(),
    "passport_key": "a public key",
    "audit_key": "a private key",
}
WRONG = {
    "database": "mysql://beneficiaries:hidden@/beneficiaries",
    "keys": "postgresql://keys:hidden@localhost:5432",
    "master_key": b64encode(b"hidden").decode(),
    "port": "hidden",
}


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*GIVEN, "port", "host"):
        monkeypatch.delenv(f"BENEFICIARIES_{name.upper()}", raising=False)
    monkeypatch.delenv("URAMOST_SECRETS", raising=False)


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(NotConfigured) as refusal:
        Settings.load()
    for name in GIVEN:
        assert f"BENEFICIARIES_{name.upper()}" in str(refusal.value)


@pytest.mark.parametrize("name", GIVEN)
def test_nothing_secret_has_a_default(name: str) -> None:
    with pytest.raises(NotConfigured) as refusal:
        Settings.load(**{one: GIVEN[one] for one in GIVEN if one != name})
    sentence = f"are missing or cannot be read: BENEFICIARIES_{name.upper()}."
    assert str(refusal.value).endswith(sentence)


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_a_setting_that_cannot_be_right_is_named_without_its_value(
    name: str, value: str
) -> None:
    with pytest.raises(NotConfigured) as refusal:
        Settings.load(**GIVEN | {name: value})
    assert f"BENEFICIARIES_{name.upper()}" in str(refusal.value)
    assert value not in str(refusal.value)
    assert "hidden" not in str(refusal.value)
    assert refusal.value.__cause__ is None  # its text would hold the value
    assert refusal.value.__suppress_context__


def test_secrets_are_read_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIVEN.items():
        (tmp_path / f"beneficiaries_{name}").write_text(f"{value}\n")
    monkeypatch.setenv("URAMOST_SECRETS", str(tmp_path))
    settings = Settings.load()
    assert settings.database == GIVEN["database"]
    assert settings.master == bytes(32)


def test_the_environment_comes_before_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIVEN.items():
        (tmp_path / f"beneficiaries_{name}").write_text(value)
    monkeypatch.setenv("URAMOST_SECRETS", str(tmp_path))
    monkeypatch.setenv("BENEFICIARIES_PASSPORT_KEY", "another")
    assert Settings.load().passport_key == "another"


def test_settings_do_not_change() -> None:
    settings = Settings.load(**GIVEN)
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]  # that it cannot is the claim


def test_a_process_listens_on_this_machine_unless_told_otherwise() -> None:
    settings = Settings.load(**GIVEN)
    assert (settings.host, settings.port) == ("127.0.0.1", 8001)


def test_settings_print_no_secret() -> None:
    printed = repr(Settings.load(**GIVEN))
    assert "hidden" not in printed
    assert GIVEN["master_key"] not in printed
    assert "a private key" not in printed


@pytest.mark.parametrize("there", ["nothing", "a file"])
def test_a_folder_of_secrets_that_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: str
) -> None:
    place = tmp_path / "secrets"
    if there == "a file":
        place.write_text("x")
    monkeypatch.setenv("URAMOST_SECRETS", str(place))
    with pytest.raises(NotConfigured, match="names no folder"):
        Settings.load()
