"""The programme's people: as many as was stated, the same every time, and readable."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from pyarrow import parquet

from deploy.replay.jobs import contracts
from deploy.replay.journal import Journal
from deploy.replay.people.files import TRUTH, Plan, make
from deploy.replay.people.households import STATED, quotas, region
from deploy.replay.people.offices import OFFICES, Office
from deploy.replay.performance import PLAYED, Site, demonstrate
from deploy.replay.scale import WHOLE, Scale
from services.beneficiaries.imports import cells, headers, rules
from services.beneficiaries.registry.rules import Content
from services.employment.contracts import LONG_MONTHS, Term, term

PEOPLE = 900
AGENCIES = [office.agency for office in OFFICES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    make(folder, PEOPLE)
    return folder


def rows(folder: Path, office: Office) -> Iterator[dict[str, str]]:
    path = folder / office.file
    if path.suffix == ".parquet":
        yield from parquet.read_table(path).to_pylist()
    elif path.suffix == ".jsonl":
        yield from map(json.loads, path.read_text().splitlines())
    else:
        with path.open(encoding=office.charset, newline="") as opened:
            first = opened.readline()
            opened.seek(0)
            yield from csv.DictReader(opened, delimiter=";" if ";" in first else ",")


def test_there_are_as_many_of_each_community_as_the_documents_state() -> None:
    assert quotas(WHOLE.people) == STATED
    drawn = Counter(one.community for one in region(PEOPLE, Random(1)))
    assert drawn == quotas(PEOPLE)
    assert drawn.total() == PEOPLE


def test_the_same_files_are_made_every_time(folder: Path, tmp_path: Path) -> None:
    make(tmp_path, PEOPLE)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_everybody_is_in_some_file_and_who_is_who_in_none(folder: Path) -> None:
    with (folder / TRUTH).open(newline="") as opened:
        truth = list(csv.DictReader(opened))
    known = Counter(one["person"] for one in truth)
    assert len(known) == PEOPLE
    assert 1.15 < known.total() / PEOPLE < 1.35
    assert Plan.of(folder).rows == Counter(one["agency"] for one in truth)
    assert len({one["source_id"] for one in truth}) == len(truth)


def test_the_registry_can_read_every_row(folder: Path) -> None:
    today = datetime.now(UTC).date()
    for office in OFFICES:
        for row in rows(folder, office):
            fields = headers.resolve(tuple(row), {})
            said = cells.content_of(fields, list(row.values()))
            assert isinstance(said, dict)
            content = rules.read(said, today)
            assert isinstance(content, Content), content
            assert rules.warnings(content) == ()


def test_each_agency_places_its_own_and_nobody_is_placed_twice(folder: Path) -> None:
    scale = Scale.of(PEOPLE)
    wanted = contracts(AGENCIES, Plan.of(folder), scale)
    everybody = [one for agency in AGENCIES for one in wanted[agency]]
    with (folder / TRUTH).open(newline="") as opened:
        person = {one["source_id"]: one["person"] for one in csv.DictReader(opened)}
    assert len({person[one.source] for one in everybody}) == len(everybody)
    terms = Counter(term(one.starts_on, one.ends_on) for one in everybody)
    assert terms == {Term.SHORT: scale.short_term, Term.LONG: scale.long_term}
    assert LONG_MONTHS == 6
    for agency in AGENCIES:
        assert all(one.source.startswith(agency.upper()) for one in wanted[agency])


def test_the_whole_programme_is_what_its_documents_count() -> None:
    assert Scale.of(WHOLE.people) == WHOLE
    assert (WHOLE.short_term, WHOLE.long_term, WHOLE.grants) == (915, 46, 29)
    assert WHOLE.truth()["people_reached"] == sum(STATED.values()) == 102_000


def test_a_journal_answers_again_and_knows_what_was_begun(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    before = Journal(path)
    done, begun = before.name("somebody", "POST", "/x"), before.name("somebody", "/y")
    assert not before.begin(done)
    before.keep(done, {"id": "one", "parts": [{"id": "two"}]})
    assert not before.begin(begun)
    with path.open("a") as opened:
        opened.write('["broken o')
    again = Journal(path)
    assert again.began == before.began
    assert done == again.name("somebody", "POST", "/x")
    assert done != again.name("somebody", "POST", "/x")  # the second of its kind
    assert again[done] == {"id": "one", "parts": [{"id": "two"}]}
    assert again.made("two")
    assert begun not in again
    assert again.begin(begun)
    again.keep(begun, None)
    assert begun in Journal(path)


def test_a_finished_play_is_not_played_again(tmp_path: Path) -> None:
    (tmp_path / PLAYED).write_text("It was played.")
    nowhere = Site("http://127.0.0.1:1", "", tmp_path, tmp_path)
    assert demonstrate(nowhere, WHOLE) == "It was played."
