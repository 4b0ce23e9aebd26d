"""A labelled file is linked in memory as the registry links, and nothing is kept."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.beneficiaries.quality.api import EvaluationBody
from tests.beneficiaries.conftest import Agency, registration
from tests.databases import Fresh, ask

Json = dict[str, Any]
PATH = "/linkage/evaluation"


def labelled(person: str, agency: str = "unicef", **changed: Any) -> Json:  # noqa: ANN401 -- any field
    return registration(**changed) | {"person": person, "agency": agency}


def three_people() -> list[Json]:
    """One in two alphabets, a twin of hers, and somebody else."""
    born: Json = {"sex": "female", "documents": []}
    besa = {"given": "Besa", "family": "Krasniqi"}
    other: Json = {
        "names": {"given": "Dragan", "family": "Ilić"},
        "birth": {"value": "1961-11-23", "precision": "day"},
        "documents": [],
        "phones": [],
        "address": None,
    }
    return [
        labelled("besa", names=besa, **born),
        labelled("besa", "who", names={"given": "Беса", "family": "Красниќи"}, **born),
        labelled("arta", names={"given": "Arta", "family": "Krasniqi"}, **born),
        labelled("dragan", "who", **other),
    ]


async def test_a_file_is_held_against_its_truth(north: Agency) -> None:
    answer = await north.post(PATH, {"rows": three_people()})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["registrations"], found["true_pairs"]) == (4, 1)
    assert found["links_and_queue"]["recall"] == 1.0
    assert found["best"]["f1"] == 1.0
    assert {one["name"]: one["true_pairs"] for one in found["scripts"]} == {
        "cyrillic": 1,
        "latin": 1,
    }
    assert {one["name"]: one["true_pairs"] for one in found["agencies"]} == {
        "unicef": 1,
        "who": 1,
    }


async def test_a_link_that_is_wrong_costs_precision(north: Agency) -> None:
    rows = [
        labelled("one"),
        labelled("another"),
        labelled("third", names={"given": "A"}),
    ]
    found = (await north.post(PATH, {"rows": rows})).json()
    assert found["links"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


async def test_nothing_of_it_is_recorded(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    await north.post(PATH, {"rows": three_people()})
    url = databases["beneficiaries"].superuser
    assert await ask(url, "select count(*) from registration") == 0
    assert await ask(url, "select count(*) from trait") == 0


async def test_a_row_that_cannot_be_read_names_its_field_and_no_value(
    north: Agency,
) -> None:
    rows = [*three_people(), labelled("x", names={"given": "Kanarinjo 7" * 30})]
    rows.append({"person": ""})
    answer = await north.post(PATH, {"rows": rows})
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/body/rows/4/names/given",
        "/body/rows/5/person",
    ]
    assert "Kanarinjo" not in answer.text


@pytest.mark.parametrize("count", [0, 1, 5_001])
def test_a_file_is_neither_nothing_nor_endless(count: int) -> None:
    with pytest.raises(ValidationError):
        EvaluationBody(rows=[{}] * count)
