"""Which files of weights a process starts with, and which it refuses to start with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.beneficiaries.linkage import model, scoring
from services.beneficiaries.quality import weights
from services.beneficiaries.quality.weights import Proposed, Share, Unfit
from tests.beneficiaries.linkage.people import somebody

PACKAGED = model.NUMBERS.read_text(encoding="utf-8")
GIVEN = model.COMPARISONS["given"][0]
LINE = next(line for line in PACKAGED.splitlines() if line.startswith('"same"'))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "weights.toml"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = dict(model.COMPARISONS)
    yield
    weights.take(before)


def doubled() -> str:
    """Let sharing a given name say twice as much between two people."""
    return PACKAGED.replace(LINE, f'"same" = {{ m = {GIVEN.m}, u = {GIVEN.u * 2} }}', 1)


def test_the_packaged_numbers_can_be_adopted() -> None:
    assert weights.read(PACKAGED) == model.COMPARISONS


def test_a_proposal_is_written_as_it_is_read() -> None:
    proposal = {
        name: {
            level.label: Proposed(Share(level.m, kept=False), Share(level.u, kept=True))
            for level in levels
        }
        for name, levels in model.COMPARISONS.items()
    }
    assert weights.read(weights.written(proposal)) == model.COMPARISONS


def test_scores_follow_the_adopted_numbers(file: Path) -> None:
    pair = somebody(), somebody()
    before = scoring.compare(*pair).weight
    file.write_text(doubled(), encoding="utf-8")
    weights.adopt(file)
    assert scoring.compare(*pair).weight == pytest.approx(before - 1, abs=1e-6)
    assert model.SHARED["given"] == GIVEN.u * 2


def test_without_a_file_the_packaged_numbers_stand() -> None:
    weights.adopt(None)
    assert weights.read(PACKAGED) == model.COMPARISONS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (PACKAGED.replace(f"{LINE}\n", "", 1), "do not have its levels"),
        (PACKAGED.replace("[phone]", "[telephone]"), "do not have the comparisons"),
        (PACKAGED.replace(LINE, '"same" = { m = 1.2, u = 0.1 }', 1), "no probability"),
        (PACKAGED.replace(LINE, '"same" = { m = 0.0, u = 0.1 }', 1), "no probability"),
        (PACKAGED.replace(LINE, '"same" = { m = nan, u = 0.1 }', 1), "no probability"),
        (PACKAGED.replace(LINE, '"same" = { m = 0.5, u = 0.1 }', 1), "add up to one"),
        (PACKAGED.replace(LINE, '"same" = { m = 0.5 }', 1), "not a table of levels"),
        ("given = 3", "not a table of levels"),
        ("[given", "not a table of levels"),
    ],
)
def test_a_process_does_not_start_with_numbers_that_cannot_be(
    file: Path, text: str, sentence: str
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unfit, match=sentence):
        weights.adopt(file)
    assert weights.read(PACKAGED) == model.COMPARISONS


def test_what_is_chosen_by_hand_is_not_adopted(file: Path) -> None:
    swapped, straight = model.COMPARISONS["order"]
    text = PACKAGED.replace(f"m = {swapped.m:.5f}", "m = 0.03000", 1)
    file.write_text(text, encoding="utf-8")
    assert f"{straight.m:.5f}" in text
    with pytest.raises(Unfit, match="by hand"):
        weights.adopt(file)


def test_a_file_that_is_not_there_stops_the_start(file: Path) -> None:
    with pytest.raises(Unfit, match="cannot be read"):
        weights.adopt(file)
