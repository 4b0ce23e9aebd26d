from typing import Any

import pytest
from hypothesis import given

from services.beneficiaries.linkage import keys
from services.beneficiaries.linkage.keys import match_keys, search_keys
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.particulars import BirthDate, Document, Names
from tests.beneficiaries.linkage.people import paper, somebody, traits

SECRET = b"a secret of the tests"
FULL: dict[str, Any] = {
    "place": "zvecan",
    "phones": ["044123456"],
    "address": "Lisi 7",
    "father": "Hasan",
    **paper("1002003007"),
}


def shared(left: Traits, right: Traits) -> set[int]:
    return set(match_keys(left, SECRET)) & set(match_keys(right, SECRET))


@given(traits)
def test_keys_fit_the_database_and_do_not_repeat(person: Traits) -> None:
    found = match_keys(person, SECRET)
    assert len(set(found)) == len(found)
    assert all(-(2**63) <= key < 2**63 for key in found)


@given(traits)
def test_another_secret_gives_other_keys(person: Traits) -> None:
    found = match_keys(person, SECRET)
    assert set(found).isdisjoint(match_keys(person, b"another secret"))


def test_another_scheme_gives_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = match_keys(somebody(), SECRET)
    monkeypatch.setattr(keys, "SCHEME", keys.SCHEME + 1)
    assert set(before).isdisjoint(match_keys(somebody(), SECRET))


def test_whoever_must_never_be_matched_has_no_key() -> None:
    assert match_keys(somebody(never_match=True, **FULL), SECRET) == ()


@pytest.mark.parametrize(
    "slip",
    [
        {"given": "Agin"},
        {"given": "Aigm"},
        {"given": "Bekim"},
        {"family": "Hoxla"},
        {"family": "Kelmendi"},
        {"birth": "1990-05-18"},
        {"birth": "1990-07-15"},
        {"birth": "1991-05-17"},
        {"birth": "1990"},
        {"birth": ""},
        {"given": "Hoxha", "family": "Agim"},
    ],
)
def test_a_slip_in_one_field_leaves_a_key(slip: dict[str, str]) -> None:
    assert shared(somebody(), somebody(**slip))


def test_names_alone_are_enough_even_with_other_vowels() -> None:
    assert shared(somebody(birth=""), somebody("Agem", "Hoxhe", birth=""))


def test_a_wife_is_found_under_the_name_from_before() -> None:
    before = somebody("Vjosa", "Gashi")
    assert shared(somebody("Vjosa", "Hoxha", former_family="Gashi"), before)


def test_there_is_no_key_for_one_name() -> None:
    """Two with one name in common, and nothing else, meet nowhere."""
    one = somebody("Agim", "Hoxha", birth="1990-05-17")
    for other in (
        somebody("Agim", "Kelmendi", birth="1985-11-02"),
        somebody("Bekim", "Hoxha", birth="1985-11-02"),
        somebody("Agim", "Agim", birth=""),
    ):
        assert not shared(one, other)


def test_a_search_hits_by_full_name_by_name_and_birth_and_by_document() -> None:
    held = set(match_keys(somebody(**FULL), SECRET))
    names, birth = Names(given="Агим", family="Hodža"), BirthDate.written("1990")
    papers = (Document.model_validate({"kind": "passport", "number": "1002003007"}),)
    assert held & set(search_keys(names, BirthDate(), (), SECRET))
    assert held & set(search_keys(Names(family="Хоџа"), birth, (), SECRET))
    assert held & set(search_keys(None, BirthDate(), papers, SECRET))


def test_a_search_by_one_name_hits_nothing() -> None:
    assert search_keys(Names(family="Hoxha"), BirthDate(), (), SECRET) == ()


def test_a_registration_has_a_handful_of_keys() -> None:
    assert len(match_keys(somebody(**FULL), SECRET)) <= 11
