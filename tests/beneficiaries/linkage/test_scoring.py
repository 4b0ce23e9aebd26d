from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.scoring import Verdict, compare, verdict
from services.beneficiaries.linkage.traits import Traits
from tests.beneficiaries.linkage.people import HOME, somebody, traits

AGREEMENTS: tuple[dict[str, Any], ...] = (
    {"given": ("fatmir",)},
    {"family": ("hoxa",), "former": ()},
    {"father": ("hasan",)},
    {"year": 1990, "month": 5, "day": 17, "estimated": False},
    {"sex": "f"},
    {"place": "zvecan"},
    {"address": ("7", "lisi")},
    {"phones": ("+38344123456",)},
    {"documents": (("personal_number", "XK", "1002003007"),)},
)


def judged(left: Traits, right: Traits) -> Verdict:
    return verdict(compare(left, right))


def test_levels_are_probabilities() -> None:
    for levels in model.COMPARISONS.values():
        assert sum(level.m for level in levels) == pytest.approx(1, abs=0.01)
        assert sum(level.u for level in levels) == pytest.approx(1, abs=0.02)
        assert len({level.label for level in levels}) == len(levels)


def test_community_is_in_no_comparison() -> None:
    assert set(Traits.__slots__).isdisjoint({"community", "ethnicity", "language"})
    assert set(model.COMPARISONS).isdisjoint({"community", "ethnicity", "language"})


@given(traits, traits)
def test_the_order_of_two_registrations_is_nothing(left: Traits, right: Traits) -> None:
    assert compare(left, right) == compare(right, left)


@given(traits, traits)
def test_the_weight_is_the_sum_of_what_is_shown(left: Traits, right: Traits) -> None:
    finding = compare(left, right)
    shown = sum(fired.weight for fired in finding.levels)
    assert finding.weight == pytest.approx(model.PRIOR_WEIGHT + shown)


@given(traits)
def test_an_exact_duplicate_shares_a_key_and_is_the_same(person: Traits) -> None:
    assume(person.given and person.family and person.day and person.sex)
    person = replace(person, father=("hasan",), month=7, day=19, estimated=False)
    assert match_keys(person, b"secret")
    assert judged(person, person) is Verdict.SAME


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda fields: next(iter(fields)))
@given(left=traits, right=traits)
def test_one_more_agreement_never_lowers_the_weight(
    agreement: dict[str, Any], left: Traits, right: Traits
) -> None:
    nothing = {field: getattr(Traits(), field) for field in agreement}
    before = compare(replace(left, **nothing), replace(right, **nothing))
    after = compare(replace(left, **agreement), replace(right, **agreement))
    assert after.weight >= before.weight


@pytest.mark.parametrize(
    "other",
    [
        somebody("Агим", "Хоџа", **HOME),
        somebody("Hodža", "Agim", **HOME),
        somebody("Agim Hasan", "Hoxha", **{**HOME, "father": None}),
        somebody("Agim", "Hoxha-Berisha", **HOME),
        somebody("Gimi", "Hoxha", **HOME),
        somebody("Hoxha", "Agim", birth="1990", **HOME),
        somebody("Agim", "Hocha", **HOME),
        somebody("Agim", "Hoxha", birth="1990-05-18", **HOME),
        somebody("Agim", "Hoxha", birth="1990", **HOME),
    ],
)
def test_one_man_in_many_spellings_is_the_same(other: Traits) -> None:
    assert judged(somebody(**HOME), other) is Verdict.SAME


@pytest.mark.parametrize(
    "other",
    [
        somebody("Bekim", "Hoxha", birth="1992-03-09", **HOME),
        somebody("Agime", "Hoxha", birth="1992-03-09", **{**HOME, "sex": "female"}),
        somebody("Bekim", "Hoxha", **HOME),
        somebody("Bekime", "Hoxha", **{**HOME, "sex": "female"}),
        somebody("Hasan", "Hoxha", birth="1960-03-09", **{**HOME, "father": "Agim"}),
        somebody("Agim", "Kelmendi", birth="1971-11-02"),
    ],
)
def test_brothers_twins_fathers_and_namesakes_are_others(other: Traits) -> None:
    assert judged(somebody(**HOME), other) is Verdict.NONE


@pytest.mark.parametrize(
    ("one", "other"), [("Arben", "Arber"), ("Milan", "Milen"), ("Zoran", "Goran")]
)
def test_twins_with_near_names_are_never_linked_without_a_reviewer(
    one: str, other: str
) -> None:
    finding = compare(somebody(one, **HOME), somebody(other, **HOME))
    assert "twin" in finding.vetoes
    assert verdict(finding) is not Verdict.SAME


def test_twins_whom_one_office_wrote_family_name_first_are_not_linked() -> None:
    one, other = somebody("Hoxha", "Agim", **HOME), somebody("Hoxha", "Besnik", **HOME)
    assert compare(one, other).vetoes == ("family",)
    assert judged(one, other) is Verdict.UNSURE


def test_a_boy_and_a_girl_born_together_are_two() -> None:
    boy = somebody("Fatmir", **HOME)
    girl = somebody("Fatmire", **{**HOME, "sex": "female"})
    assert compare(boy, girl).vetoes == ("sex", "twin")
    assert judged(boy, girl) is Verdict.NONE


@pytest.mark.parametrize(
    ("one", "other"), [("1933-02-12", "1933-01-22"), ("1990-12-03", "1990-10-23")]
)
def test_digits_transposed_across_a_dash_are_one_slip(one: str, other: str) -> None:
    finding = compare(somebody(birth=one, **HOME), somebody(birth=other, **HOME))
    assert ("birth", model.SLIP) in {fired[:2] for fired in finding.levels}
    assert verdict(finding) is Verdict.SAME


def test_another_birth_date_needs_a_reviewer() -> None:
    finding = compare(somebody(**HOME), somebody(birth="1984-11-02", **HOME))
    assert finding.vetoes == ("birth",)
    assert verdict(finding) is Verdict.UNSURE


def test_one_wrong_letter_needs_a_reviewer_where_no_number_agrees() -> None:
    one, other = somebody("Kujtim", **HOME), somebody("Kuftim", **HOME)
    assert compare(one, other).vetoes == ("twin",)
    assert judged(one, other) is Verdict.UNSURE


@pytest.mark.parametrize("slip", ["Arbn", "Dragn", "Bsa", "Ramadtn"])
def test_what_nobody_can_say_is_no_other_name(slip: str) -> None:
    name = {"Arbn": "Arben", "Dragn": "Dragan", "Bsa": "Besa", "Ramadtn": "Ramadan"}
    assert judged(somebody(name[slip], **HOME), somebody(slip, **HOME)) is Verdict.SAME


def test_two_orders_of_names_are_seen_through_a_former_name() -> None:
    wife = {**HOME, "sex": "female", "former_family": "Murati"}
    one, other = somebody("Vjosa", "Hoxha", **wife), somebody("Hoxha", "Vjosa", **wife)
    assert judged(one, other) is Verdict.SAME


@pytest.mark.parametrize(("one", "other"), [("Ana", "Ane"), ("Dragan", "Drgan")])
def test_what_may_be_a_slip_is_shown_to_a_reviewer(one: str, other: str) -> None:
    assert judged(somebody(one, **HOME), somebody(other, **HOME)) is Verdict.UNSURE


def test_another_father_needs_a_reviewer() -> None:
    namesake = somebody(**{**HOME, "father": "Bajram"})
    assert compare(somebody(**HOME), namesake).vetoes == ("father",)
    assert judged(somebody(**HOME), namesake) is Verdict.UNSURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Ana", "Hana"), ("Sanja", "Sana"), ("Ana", "Anja"), ("Marina", "Marija")),
        *(
            ("Amir", "Admir"),
            ("Hamdi", "Hamid"),
            ("Amira", "Amra"),
            ("Qemal", "Xhemal"),
        ),
        *(("Branko", "Branka"), ("Fatos", "Fatmir"), ("Liridon", "Liridona")),
    ],
)
def test_names_that_parents_give_to_twins_are_never_linked(
    one: str, other: str
) -> None:
    first = somebody(one, **{**HOME, "sex": "unknown"})
    second = somebody(other, **{**HOME, "sex": "unknown"})
    assert judged(first, second) is not Verdict.SAME


def test_the_first_of_january_stands_for_a_year() -> None:
    finding = compare(somebody(birth="1990-01-01"), somebody(birth="1990-05-17"))
    (birth,) = (fired for fired in finding.levels if fired.comparison == "birth")
    assert birth.label == model.YEAR


COMMON = Frequencies.of([somebody("Valbona")] * 40 + [somebody("Arta")] * 40)


@pytest.mark.parametrize(
    ("right", "wrong"), [("Valbona", "Valboua"), ("Arta", "Arka"), ("Arta", "Arja")]
)
def test_what_hardly_anybody_is_called_is_a_common_name_mistyped(
    right: str, wrong: str
) -> None:
    one, other = somebody(right, **HOME), somebody(wrong, **HOME)
    assert judged(one, other) is Verdict.UNSURE
    assert verdict(compare(one, other, COMMON)) is Verdict.SAME


def test_two_common_names_are_twins_however_near() -> None:
    known = Frequencies.of([somebody("Arta")] * 40 + [somebody("Arba")] * 40)
    one, other = somebody("Arta", **HOME), somebody("Arba", **HOME)
    assert verdict(compare(one, other, known)) is not Verdict.SAME


def test_a_vowel_at_the_end_is_never_taken_for_a_slip() -> None:
    known = Frequencies.of([somebody("Fatmir")] * 400)
    boy, girl = somebody("Fatmir", **HOME), somebody("Fatmire", **HOME)
    assert verdict(compare(boy, girl, known)) is not Verdict.SAME


def test_to_share_a_rare_name_says_more() -> None:
    known = Frequencies.of([somebody("Agim")] * 900 + [somebody("Zenel")] * 100)
    common = compare(somebody("Agim"), somebody("Agim"), known).weight
    rare = compare(somebody("Zenel"), somebody("Zenel"), known).weight
    assert rare > common
