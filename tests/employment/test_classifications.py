"""Occupations and sectors are found by their words, in three languages."""

from enum import StrEnum

import pytest

from services.employment.certificates.rules import Reason as RevocationReason
from services.employment.classifications.rules import ISCO, ISIC, OCCUPATIONS, found
from services.employment.classifications.words import WORDS
from services.employment.contracts import Term
from services.employment.enterprise.rules import ActivityState, PlanState
from services.employment.enterprise.rules import Kind as ActivityKind
from services.employment.placements.rules import Status, Why
from services.employment.retention.rules import Method, Result, Verifier
from services.employment.seekers.rules import Reason
from services.employment.trainings.rules import Kind, Subject, TrainerRole
from services.employment.vacancies.rules import Access, Hours, Period, State
from tests.employment.conftest import Agency

LISTS: dict[str, type[StrEnum]] = {
    "access": Access,
    "activity_kind": ActivityKind,
    "activity_state": ActivityState,
    "hours": Hours,
    "method": Method,
    "participant_kind": Kind,
    "period": Period,
    "placement_status": Status,
    "plan_state": PlanState,
    "reason": Reason,
    "result": Result,
    "revocation_reason": RevocationReason,
    "subject": Subject,
    "term": Term,
    "trainer_role": TrainerRole,
    "vacancy_state": State,
    "verifier": Verifier,
    "why": Why,
}


def test_the_classifications_are_whole() -> None:
    """As published: ISCO-08 has 10, 43 and 436 groups; ISIC Rev. 4 21 and 88."""
    sizes = [sum(len(code) == digits for code in ISCO) for digits in (1, 2, 4)]
    assert sizes == [10, 43, 436]
    assert [sum(len(code) == digits for code in ISIC) for digits in (1, 2)] == [21, 88]
    assert all(code[:1] in ISCO and code[:2] in ISCO for code in ISCO)
    assert len(OCCUPATIONS) == 436


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("electrician", "7411"),
        ("elektricist", "7411"),
        ("električar zgrad", "7411"),
        ("електричар зград", "7411"),
        ("zavarivač", "7212"),
        ("saldues", "7212"),
        ("mësimdhënës fillor", "2341"),
        ("mesimdhenes fillor", "2341"),
        ("nastavnik osnovn", "2341"),
        ("astronaut", None),
        ("", "0110"),
    ],
)
def test_an_occupation_is_found_by_its_words(words: str, code: str | None) -> None:
    first = next(iter(found(OCCUPATIONS, words)), None)
    assert (first and first.code) == code


async def test_occupations_and_sectors_are_listed_with_the_titles_there_are(
    north: Agency,
) -> None:
    [welder] = (await north.get("/occupations", words="flamecutters")).json()
    assert welder == {
        "code": "7212",
        "en": "Welders and flamecutters",
        "sq": "Saldues",
        "sr": "Zavarivači",
    }
    [retail] = (await north.get("/sectors", words="retail except")).json()
    assert (retail["code"], retail["sq"]) == ("47", None)
    assert len((await north.get("/sectors")).json()) == len(ISIC)
    listed = [
        one["code"]
        for group in ISCO
        if len(group) == 2
        for one in (await north.get("/occupations", within=group)).json()
    ]
    assert listed == [one.code for one in OCCUPATIONS]
    assert (await north.get("/occupations", name="x")).status_code == 422
    shown = (await north.get("/words")).json()
    assert shown["why"]["left"]["sr"] == "osoba je otišla"


def test_every_word_of_every_closed_list_is_told_in_three_languages() -> None:
    assert {name: set(words) for name, words in WORDS.items()} == {
        name: {*words} for name, words in LISTS.items()
    }
    assert all(
        label.en and label.sq and label.sr
        for words in WORDS.values()
        for label in words.values()
    )
