"""What an agreeing number is cause enough for, and what it is not."""

from datetime import date
from typing import Any

import pytest

from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.scoring import Verdict, compare, verdict
from services.beneficiaries.linkage.traits import Traits
from tests.beneficiaries.linkage.people import HOME, paper, somebody

NUMBER = paper("1002003007")
OWN = {**HOME, **NUMBER}
# Children of 2015, recorded when they had no papers of their own.
PARENTS = {**OWN, "birth": "2015-05-17", "on": date(2024, 3, 1)}


def judged(one: Traits, other: Traits) -> Verdict:
    return verdict(compare(one, other))


@pytest.mark.parametrize(
    ("slip", "veto"),
    [
        ({"sex": "female", "birth": "1990-05-18"}, "sex"),
        ({"birth": "1990-08-29"}, "date slip"),
        ({"birth": "1971-11-02"}, "birth"),
        ({"father": "Bajram"}, "father"),
        ({"family": "Kelmendi", "phones": [], "address": None}, "family"),
        ({"given": "N.N."}, "unnamed"),
        ({"given": "Bekim"}, "twin"),
    ],
)
def test_an_own_number_outweighs_a_veto(slip: dict[str, Any], veto: str) -> None:
    finding = compare(somebody(**OWN), somebody(**{**OWN, **slip}))
    assert finding.strong
    assert finding.vetoes == (veto,)
    assert verdict(finding) is Verdict.SAME


def test_a_number_that_nothing_else_bears_out_is_not_strong() -> None:
    """It was copied from the line above."""
    other = somebody("Vjosa", "Murati", birth="1990-05-17", **NUMBER)
    finding = compare(somebody(**NUMBER), other)
    assert not finding.strong
    assert verdict(finding) is not Verdict.SAME


@pytest.mark.parametrize(
    "other",
    [
        {"given": "Bekim", "birth": "1971-11-02"},
        {"given": "Vjosa", "sex": "female"},
        {"given": "N.N.", "birth": "1971-11-02"},
    ],
)
def test_somebody_else_of_the_house_under_one_number_is_a_question(
    other: dict[str, Any],
) -> None:
    assert judged(somebody(**OWN), somebody(**{**OWN, **other})) is Verdict.UNSURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Agim", "Bekim"), ("Arben", "Arber"), ("Amir", "Admira"), ("Ana", "Hana")),
        *(("Fatmir", "Fatos"), ("Zoran", "Goran"), ("Luka", "Lika"), ("Ana", "Ane")),
    ],
)
def test_twins_under_a_parents_number_are_never_linked(one: str, other: str) -> None:
    finding = compare(somebody(one, **PARENTS), somebody(other, **PARENTS))
    assert finding.vetoes == ("twin",)
    assert not finding.strong
    assert verdict(finding) is not Verdict.SAME


def test_twins_under_a_parents_number_written_family_name_first_are_two() -> None:
    one, other = (
        somebody("Hoxha", "Agim", **PARENTS),
        somebody("Hoxha", "Bekim", **PARENTS),
    )
    assert judged(one, other) is Verdict.UNSURE


def test_a_grandson_under_his_grandfathers_number_needs_a_reviewer() -> None:
    """He has his grandfather's name too."""
    grandfather = somebody(**{**OWN, "birth": "1944-11-02"})
    finding = compare(somebody(**PARENTS), grandfather)
    assert finding.vetoes == ("birth",)
    assert verdict(finding) is Verdict.UNSURE


def test_brothers_under_a_parents_number_are_not_even_shown() -> None:
    brother = somebody("Bekim", **{**PARENTS, "birth": "2012-03-09"})
    assert judged(somebody(**PARENTS), brother) is Verdict.NONE


def test_of_those_without_a_birth_date_nobody_knows_whose_number_it_is() -> None:
    mine = {**OWN, "birth": ""}
    assert not compare(somebody(**mine), somebody("Bekim", **mine)).strong


def test_a_slip_in_the_number_is_borne_out_by_the_rest() -> None:
    """A check digit lets no two true numbers be one slip apart."""
    other = {**OWN, **paper("1002003017"), "birth": "1990-08-29"}
    finding = compare(somebody(**OWN), somebody(**other))
    assert finding.vetoes == ("date slip",)
    assert finding.strong


def test_a_slip_that_follows_no_number_is_nobody_elses() -> None:
    """Numbers given out one after the other differ at their end."""
    other = somebody("Bekim", **{**OWN, **paper("1002903007")})
    assert judged(somebody(**OWN), other) is Verdict.SAME


def test_a_slip_in_a_parents_number_does_not_join_twins() -> None:
    twin = somebody("Bekim", **{**PARENTS, **paper("1002903007")})
    assert judged(somebody(**PARENTS), twin) is not Verdict.SAME


def test_a_child_under_a_parents_number_is_known_by_its_own_name() -> None:
    other = somebody("Agim", "Kelmendi", **{**PARENTS, "birth": ""})
    known = Frequencies.of([somebody("Agim", "Morina")] * 5)
    assert judged(somebody(**PARENTS), other) is Verdict.UNSURE
    assert verdict(compare(somebody(**PARENTS), other, known)) is Verdict.SAME


def test_twins_whose_numbers_follow_each_other_are_two() -> None:
    twin = somebody("Bekim", **{**OWN, **paper("1002003008")})
    assert judged(somebody(**OWN), twin) is not Verdict.SAME


def test_a_wrong_sex_is_a_slip_where_name_and_birthday_agree() -> None:
    other = somebody(**{**HOME, "sex": "female"})
    assert compare(somebody(**HOME), other).vetoes == ()
    assert judged(somebody(**HOME), other) is Verdict.SAME


def test_a_wrong_sex_and_another_birthday_need_a_reviewer() -> None:
    other = somebody(**{**HOME, "sex": "female", "birth": "1990-05-18"})
    finding = compare(somebody(**HOME), other)
    assert finding.vetoes == ("sex",)
    assert verdict(finding) is Verdict.UNSURE


def test_a_short_number_or_one_of_another_kind_is_not_strong() -> None:
    passport, short = paper("10020030", "passport"), paper("100200")
    for one, other in ((short, short), (paper("10020030"), passport)):
        assert not compare(somebody(**one), somebody(**other)).strong


def test_a_parents_document_does_not_join_brother_and_sister() -> None:
    daughter = somebody("Vjosa", **{**PARENTS, "birth": "2012-03-09", "sex": "female"})
    assert judged(somebody(**PARENTS), daughter) is not Verdict.SAME


def test_two_numbers_of_one_name_and_birthday_are_a_mistake() -> None:
    one = somebody(**{**HOME, **NUMBER})
    other = somebody(**{**HOME, **paper("1984776651")})
    assert compare(one, other).vetoes == ()
    assert judged(one, other) is Verdict.SAME


def test_two_numbers_and_another_birthday_need_a_reviewer() -> None:
    one = somebody(**NUMBER, phones=["044123456"])
    other = somebody(**paper("1984776651"), birth="1990-05-18")
    assert compare(one, other).vetoes == ("document",)
    assert judged(one, other) is not Verdict.SAME


def test_namesakes_of_one_house_are_a_generation_apart() -> None:
    one = somebody(**OWN)
    misdated = {**HOME, **paper("1984776651"), "birth": "1990-05-18"}
    assert judged(one, somebody(**misdated)) is Verdict.SAME
    grandson = somebody(**{**misdated, "birth": "2011-02-03"})
    assert judged(one, grandson) is not Verdict.SAME


def test_a_renewed_passport_says_nothing() -> None:
    one = somebody(**HOME, **paper("P1234567", "passport"))
    other = somebody(**HOME, **paper("P9876543", "passport"))
    assert judged(one, other) is Verdict.SAME


def test_a_brides_new_name_is_a_question_until_her_given_name_is_known() -> None:
    """Twins written family name first would look like one bride."""
    bride = {**HOME, "sex": "female"}
    one, other = somebody("Besa", "Gashi", **bride), somebody("Besa", "Hoxha", **bride)
    known = Frequencies.of([somebody("Besa", "Morina")] * 5)
    assert judged(one, other) is Verdict.UNSURE
    assert verdict(compare(one, other, known)) is Verdict.SAME
