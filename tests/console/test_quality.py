"""What the console shows of training, evaluation and the standing report."""

from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Door, Run

Json = dict[str, Any]
LINKAGE = "/beneficiaries/linkage"
LABELLED = """person,agency,given,family,birth,document_kind,document_number
1,north,Мергим,Прекази,1990-05-01,personal_number,1002003007
1,south,Mërgim,Prekazi,1.5.1990,,
2,south,Ljubica,Veljović,1985,,
"""
GOOD = {"precision": 0.999, "recall": 0.95, "f1": 0.974}
FOUND = {
    "registrations": 3,
    "true_pairs": 1,
    "candidates": 1,
    "true_candidates": 1,
    "links": GOOD,
    "links_and_queue": GOOD | {"recall": 0.99},
    "queue": 0.02,
    "best_cutoff": 3.5,
    "best": GOOD,
    "scripts": [
        {"name": "latin", "true_pairs": 1, "links": GOOD, "links_and_queue": GOOD}
    ],
    "agencies": [],
}
LEVEL = {"m": 0.9, "u": 0.001}
TRAINED = {
    "registrations": 4000,
    "pairs": 9000,
    "levels": [
        {
            "comparison": "given",
            "label": "same",
            "before": LEVEL,
            "proposed": LEVEL | {"m": 0.85, "u_kept": True},
        }
    ],
    "weights": "[given]\n",
}
RATE = {"rate": 99, "low": 97, "high": 100}
REPORT = {
    "day": "2026-05-01",
    "precision": RATE,
    "recall": None,
    "scripts": [],
    "agencies": [],
    "communities": [
        {"name": "turk", "precision": RATE, "recall": None, "linked_worse": True},
        {"name": "roma", "precision": None, "recall": None, "linked_worse": False},
    ],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.csv"
    file.write_text(LABELLED, encoding="utf-8")
    return file


def plain(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def test_a_labelled_file_is_sent_row_by_row_with_its_labels(
    run: Run, door: Door, file: Path
) -> None:
    door.scripted[f"{LINKAGE}/evaluation"] = [(200, FOUND)]
    result = run("linkage", "evaluate", file)
    assert result.exit_code == 0, result.output
    [(_, _, said)] = door.asked
    [first, second, third] = said["rows"]
    assert (first["person"], first["agency"]) == ("1", "north")
    assert first["names"] == {"given": "Мергим", "family": "Прекази"}
    assert second["birth"] == {"value": "1990-05-01", "precision": "day"}
    assert "documents" not in third
    assert "links and queue 1 0.9990 0.9900" in plain(result.stdout)


def test_json_lines_are_sent_as_they_are(run: Run, door: Door, tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"person": "1", "names": {"given": "Ana"}}\n' * 2)
    door.scripted[f"{LINKAGE}/evaluation"] = [(200, FOUND)]
    assert run("linkage", "evaluate", file).exit_code == 0
    [(_, _, said)] = door.asked
    assert said == {"rows": [{"person": "1", "names": {"given": "Ana"}}] * 2}


@pytest.mark.parametrize(
    ("asked", "code"), [("found=0.985", 0), ("recall=0.94", 0), ("recall=0.96", 4)]
)
def test_what_is_below_the_threshold_ends_with_four(
    run: Run, door: Door, file: Path, asked: str, code: int
) -> None:
    door.scripted[f"{LINKAGE}/evaluation"] = [(200, FOUND)]
    result = run("linkage", "evaluate", file, "--at-least", asked)
    assert result.exit_code == code
    assert ("Not good enough: recall is 0.9500" in result.stderr) == (code == 4)


@pytest.mark.parametrize("asked", ["recall", "recall=most", "recall=95", "speed=0.5"])
def test_a_threshold_that_is_none_is_not_asked_for(
    run: Run, door: Door, file: Path, asked: str
) -> None:
    assert run("linkage", "evaluate", file, "--at-least", asked).exit_code == 2
    assert door.asked == []


def test_a_file_without_persons_is_not_sent(
    run: Run, door: Door, tmp_path: Path
) -> None:
    file = tmp_path / "unlabelled.csv"
    file.write_text("given,family\nArta,Gashi\n")
    result = run("linkage", "evaluate", file)
    assert result.exit_code == 1
    assert "needs a column person" in result.stderr
    assert door.asked == []


def test_a_training_shows_old_beside_new_and_writes_what_can_be_adopted(
    run: Run, door: Door, tmp_path: Path
) -> None:
    door.scripted[f"{LINKAGE}/training"] = [(200, TRAINED)] * 2
    file = tmp_path / "weights.toml"
    result = run("linkage", "train", "--to", file)
    assert result.exit_code == 0, result.output
    assert "given same 0.90000 0.85000 0.001000 kept" in plain(result.stdout)
    assert file.read_text() == "[given]\n"
    again = run("linkage", "train", "--to", file)
    assert (again.exit_code, file.read_text()) == (1, "[given]\n")


def test_samples_are_counted(run: Run, door: Door) -> None:
    door.scripted[f"{LINKAGE}/samples"] = [(201, {"linked": 30, "below": 12})]
    result = run("linkage", "sample", "--most", "30")
    assert result.stdout == "30 links and 12 near misses wait for review.\n"
    assert door.asked == [("POST", f"{LINKAGE}/samples", {"most": 30})]


def test_the_report_tells_rates_and_who_is_linked_worse(run: Run, door: Door) -> None:
    door.scripted[f"{LINKAGE}/quality"] = [(200, REPORT)]
    result = run("linkage", "quality")
    assert result.exit_code == 0, result.output
    assert "turk 99 % (97 to 100) too few" in plain(result.stdout)
    assert "roma too few too few" in plain(result.stdout)
    assert result.stderr == "turk is linked worse than the rest, beyond chance.\n"
