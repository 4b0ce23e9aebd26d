"""The demo: people whom the registry would take, in every orthography it folds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy import demo
from deploy.population import rows
from services.beneficiaries.imports import rules
from services.beneficiaries.registry.rules import Content
from tests.databases import Freshly, ask

EVERYBODY = [row for agency in demo.AGENCIES for row in rows(agency)]
TODAY = datetime.now(UTC).date()


def test_every_row_can_be_recorded_without_a_warning() -> None:
    assert 50 <= len(EVERYBODY) <= 70
    for row in EVERYBODY:
        content = rules.read(row, TODAY)
        assert isinstance(content, Content), content
        assert rules.warnings(content) == ()


def test_no_agency_uses_a_source_id_twice() -> None:
    for agency in demo.AGENCIES:
        ids = [row["source_id"] for row in rows(agency)]
        assert ids
        assert len(set(ids)) == len(ids)


def test_there_are_people_whom_several_agencies_know_in_other_letters() -> None:
    cyrillic = [row for row in EVERYBODY if row["names"]["family"] > "\u0400"]
    assert 10 < len(cyrillic) < len(EVERYBODY) / 2
    people = {row["source_id"].partition("-")[2] for row in EVERYBODY}
    assert len(people) < len(EVERYBODY) - 20


def kept(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


async def test_enrolling_again_keeps_the_secrets(
    fresh: Freshly, tmp_path: Path
) -> None:
    gateway = await fresh("gateway")
    assert await demo.enrol_all(gateway.owner, tmp_path)
    shown = kept(tmp_path)
    assert set(shown) == {each.client.id for each in demo.enrolments() if each.client}
    assert not await demo.enrol_all(gateway.owner, tmp_path)
    assert kept(tmp_path) == shown


async def test_nobody_is_enrolled_whose_secret_was_not_kept(
    fresh: Freshly, tmp_path: Path
) -> None:
    gateway = await fresh("gateway")
    closed = tmp_path / "file"
    closed.write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        await demo.enrol_all(gateway.owner, closed)
    assert await ask(gateway.superuser, "select count(*) from client") == 0


def test_a_gateway_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / demo.FIRST).write_text("a secret")
    with pytest.raises(demo.DemoNotLoaded, match=r"ConnectError\.$"):
        demo.load("http://127.0.0.1:1", tmp_path)
