"""Which two names are one person's, by the pen, the ear, the neighbours, the census."""

from collections.abc import Mapping

import pytest

from bench.population_people import STOCKS, UNSEEN, Stock
from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.scoring import Verdict, compare, verdict
from services.beneficiaries.linkage.traits import Traits
from services.kit.orthography import fold
from tests.beneficiaries.linkage.people import HOME, somebody

WOMAN = {**HOME, "sex": "female"}


def judged(one: Traits, other: Traits, names: Frequencies | None = None) -> Verdict:
    return verdict(compare(one, other, names or Frequencies()))


def census(**bearers: int) -> Frequencies:
    """Count a registry in which so many bear each given name."""
    people = (somebody(name) for name, count in bearers.items() for _ in range(count))
    return Frequencies.of(people)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Shaqir", "Şakir"), ("Qamil", "Kâmil"), ("Nuredin", "Nurettin")),
        *(("Selajdin", "Selahattin"), ("Zejnel", "Zenel"), ("Ramiz", "Ramis")),
        *(("Esat", "Esad"), ("Sait", "Said"), ("Ymer", "Ömer"), ("Isuf", "Yusuf")),
        *(("Skënder", "İskender"), ("Shyqri", "Şükrü"), ("Xheladin", "Celalettin")),
    ],
)
def test_one_name_among_neighbours_is_one_person(one: str, other: str) -> None:
    assert judged(somebody(one, **HOME), somebody(other, **HOME)) is Verdict.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nimet", "Nimete"),
        ("Shahe", "Šaha"),
        ("Gülizar", "Gjylizare"),
        ("Fata", "Fate"),
    ],
)
def test_between_two_women_the_ending_tells_nothing(one: str, other: str) -> None:
    assert judged(somebody(one, **WOMAN), somebody(other, **WOMAN)) is Verdict.SAME
    assert judged(somebody(one, **HOME), somebody(other, **HOME)) is not Verdict.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lejla", "Lela"), ("Nida", "Nita"), ("Fatmir", "Fadil"), ("Miladin", "Milutin")],
)
def test_names_that_are_two_stay_a_question(one: str, other: str) -> None:
    assert judged(somebody(one, **WOMAN), somebody(other, **WOMAN)) is not Verdict.SAME


def test_a_short_form_that_many_bear_is_a_name_of_its_own() -> None:
    one, other = somebody("Marija", **WOMAN), somebody("Mara", **WOMAN)
    assert judged(one, other) is Verdict.SAME
    assert judged(one, other, census(Marija=900, Mara=20)) is Verdict.SAME
    assert judged(one, other, census(Marija=900, Mara=200)) is Verdict.UNSURE


def test_transposed_letters_may_leave_another_name() -> None:
    one, other = somebody("Nadija", **WOMAN), somebody("Naida", **WOMAN)
    assert judged(one, other, census(Nadija=400, Naida=1)) is Verdict.SAME
    assert judged(one, other, census(Nadija=400, Naida=300)) is Verdict.UNSURE


def test_a_slip_is_judged_by_the_likeliest_name_it_may_stand_for() -> None:
    one, other = somebody("Arta", **WOMAN), somebody("Arka", **WOMAN)
    assert judged(one, other, census(Arta=900, Arka=1, Arba=100)) is Verdict.SAME
    assert judged(one, other, census(Arta=900, Arka=1, Arba=600)) is Verdict.UNSURE


def test_a_name_two_slips_away_is_not_the_one_that_was_meant() -> None:
    one, other = somebody("Dragica", **WOMAN), somebody("Mraica", **WOMAN)
    assert judged(one, other, census(Dragica=900, Mraica=1, Marica=9)) is Verdict.UNSURE


def test_a_rare_name_that_two_bear_is_no_slip() -> None:
    one, other = somebody("Selma", **WOMAN), somebody("Selima", **WOMAN)
    assert judged(one, other, census(Selma=300, Selima=2)) is Verdict.UNSURE


def test_two_sisters_behind_whom_the_fathers_name_stands_are_two() -> None:
    one = somebody("Marinka Antnnije", **WOMAN)
    other = somebody("Nikolina Antonije", **WOMAN)
    assert judged(one, other) is not Verdict.SAME


def spelled(stocks: Mapping[str, Stock]) -> tuple[set[str], set[str]]:
    given, family = set[str](), set[str]()
    for stock in stocks.values():
        given |= {"".join(fold(name)) for name in (*stock.men, *stock.women)}
        family |= {"".join(fold(name)) for name in stock.families}
    return given, family


def test_names_for_measuring_are_in_no_other_list() -> None:
    for unseen, seen in zip(spelled(UNSEEN), spelled(STOCKS), strict=True):
        assert unseen.isdisjoint(seen)


def test_a_name_that_nobody_counted_weighs_the_average() -> None:
    levels = compare(somebody(), somebody(), Frequencies()).levels
    weights = {fired.comparison: fired.weight for fired in levels}
    assert weights["given"] == model.WEIGHTS["given"][model.SAME]
