from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.scoring import Verdict, compare, verdict
from services.beneficiaries.linkage.traits import Traits
from tests.beneficiaries.linkage.people import paper, somebody, traits

HOME: dict[str, Any] = {
    "place": "zvecan",
    "phones": ["044123456"],
    "address": "Lisi 7",
    "father": "Hasan",
}

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


def test_another_birth_date_needs_a_reviewer() -> None:
    finding = compare(somebody(**HOME), somebody(birth="1984-11-02", **HOME))
    assert finding.vetoes == ("birth",)
    assert verdict(finding) is Verdict.UNSURE


@pytest.mark.parametrize(
    ("slip", "veto"),
    [
        ({"sex": "female", "phones": [], "address": None}, "sex"),
        ({"birth": "1990-08-29"}, "date slip"),
        ({"father": "Bajram"}, "father"),
        ({"family": "Kelmendi", "phones": [], "address": None}, "family"),
        ({"given": "N.N."}, "unnamed"),
    ],
)
def test_an_own_document_outweighs_one_veto(slip: dict[str, Any], veto: str) -> None:
    mine = {**HOME, **paper("1002003007")}
    finding = compare(somebody(**mine), somebody(**{**mine, **slip}))
    assert finding.strong
    assert finding.vetoes == (veto,)
    assert verdict(finding) is Verdict.SAME


def test_no_document_outweighs_two_vetoes() -> None:
    mine = {**HOME, **paper("1002003007")}
    other = {**mine, "father": "Bajram", "birth": "1990-08-29"}
    finding = compare(somebody(**mine), somebody(**other))
    assert finding.vetoes == ("date slip", "father")
    assert verdict(finding) is Verdict.UNSURE


def test_no_document_outweighs_another_birth_date() -> None:
    """A grandson has his grandfather's name, and may be filed under his number."""
    mine = {**HOME, **paper("1002003007")}
    finding = compare(somebody(**mine), somebody(birth="1934-11-02", **mine))
    assert finding.vetoes == ("birth",)
    assert verdict(finding) is Verdict.UNSURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Agim", "Bekim"), ("Arben", "Arber"), ("Amir", "Admira"), ("Ana", "Hana")),
        *(("Fatmir", "Fatos"), ("Zoran", "Goran"), ("Luka", "Lika"), ("Ana", "Ane")),
    ],
)
def test_twins_under_a_parents_number_are_never_linked(one: str, other: str) -> None:
    parents = {**HOME, **paper("1002003007")}
    finding = compare(somebody(one, **parents), somebody(other, **parents))
    assert finding.vetoes == ("twin",)
    assert not finding.strong
    assert verdict(finding) is not Verdict.SAME


def test_twins_under_a_parents_number_written_family_name_first_are_two() -> None:
    parents = {**HOME, **paper("1002003007")}
    one, other = (
        somebody("Hoxha", "Agim", **parents),
        somebody("Hoxha", "Bekim", **parents),
    )
    assert judged(one, other) is Verdict.UNSURE


def test_brothers_under_a_parents_number_are_not_even_shown() -> None:
    parents = {**HOME, **paper("1002003007")}
    brother = somebody("Bekim", birth="1992-03-09", **parents)
    assert judged(somebody(**parents), brother) is Verdict.NONE


@pytest.mark.parametrize("slip", ["Shkërqim", "Shkëlqiim", "Shkëlim", "Shkëlqem"])
def test_one_wrong_letter_is_no_other_name_where_all_else_agrees(slip: str) -> None:
    mine = {**HOME, **paper("1002003007")}
    finding = compare(somebody("Shkëlqim", **mine), somebody(slip, **mine))
    assert finding.vetoes == ()
    assert verdict(finding) is Verdict.SAME


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


def test_a_wrong_sex_is_a_slip_where_all_else_agrees() -> None:
    other = somebody(**{**HOME, "sex": "female"})
    assert compare(somebody(**HOME), other).vetoes == ()
    assert judged(somebody(**HOME), other) is Verdict.SAME


def test_a_wrong_sex_with_little_else_needs_a_reviewer() -> None:
    other = somebody(sex="female", father="Hasan", place="zvecan")
    finding = compare(somebody(father="Hasan", place="zvecan"), other)
    assert finding.vetoes == ("sex",)
    assert verdict(finding) is Verdict.UNSURE


def test_a_short_number_or_one_of_another_kind_is_not_strong() -> None:
    passport, short = paper("10020030", "passport"), paper("1002003")
    for one, other in ((short, short), (paper("10020030"), passport)):
        assert not compare(somebody(**one), somebody(**other)).strong


def test_a_parents_document_does_not_join_brother_and_sister() -> None:
    fathers = {**HOME, **paper("1002003007")}
    son = somebody("Agim", **fathers)
    daughter = somebody("Vjosa", birth="1992-03-09", **{**fathers, "sex": "female"})
    assert judged(son, daughter) is not Verdict.SAME


def test_two_personal_numbers_are_two_people_until_somebody_looks() -> None:
    one, other = somebody(**paper("1002003007")), somebody(**paper("1984776651"))
    assert judged(one, other) is Verdict.UNSURE


def test_two_personal_numbers_and_two_spellings_need_a_reviewer() -> None:
    one = somebody("Fatime", **HOME, **paper("1002003007"))
    other = somebody("Fatima", **HOME, **paper("1984776651"))
    assert compare(one, other).vetoes == ("document",)
    assert judged(one, other) is Verdict.UNSURE


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


def test_a_renewed_passport_says_nothing() -> None:
    one = somebody(**HOME, **paper("P1234567", "passport"))
    other = somebody(**HOME, **paper("P9876543", "passport"))
    assert judged(one, other) is Verdict.SAME


def test_the_first_of_january_stands_for_a_year() -> None:
    finding = compare(somebody(birth="1990-01-01"), somebody(birth="1990-05-17"))
    (birth,) = (fired for fired in finding.levels if fired.comparison == "birth")
    assert birth.label == model.YEAR
