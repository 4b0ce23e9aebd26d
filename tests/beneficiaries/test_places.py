# ruff: noqa: RUF001 -- other alphabets are the subject
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.beneficiaries.places import PLACES, Place, place_named, unplaced
from services.kit.orthography import fold, loosen
from tests.beneficiaries.conftest import Agency, registration
from tests.kit.spellings import MIXED, ORTHOGRAPHIES, Orthography, texts

MUNICIPALITIES = 38
every_name = st.sampled_from(
    [
        (name, place)
        for place in PLACES.values()
        for name in (*place[1:5], *place.others)
    ]
)


def test_every_municipality_is_there() -> None:
    assert len(PLACES) == MUNICIPALITIES
    assert all(code == place.code for code, place in PLACES.items())


@pytest.mark.parametrize("place", PLACES.values(), ids=lambda place: place.code)
def test_every_name_of_a_municipality_finds_it(place: Place) -> None:
    names = (place.sq, place.sr_latn, place.sr_cyrl, place.en, *place.others)
    assert {place_named(name) for name in names} == {place}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PRISHTINA", "pristina"),
        ("Pristine", "pristina"),
        ("Djakovica", "gjakova"),
        ("gjakova", "gjakova"),
        ("Митровица Северна", "mitrovica-north"),
        ("mitrovice e veriut", "mitrovica-north"),
        ("Strpce", "shterpce"),
        ("Pec", "peja"),
        ("Gnjilane", "gjilan"),
        ("mitrovica-south", "mitrovica-south"),
        ("Dakovica", "gjakova"),
        ("Ðakovica", "gjakova"),
        ("Yakova", "gjakova"),
        ("Güney Mitroviça", "mitrovica-south"),
        ("İPEK", "peja"),
        ("Gilan", "gjilan"),
        ("Priştine", "pristina"),
        ("Mamuşa", "mamusha"),
        ("Vuçitırn", "vushtrri"),
        ("Vicitirin", "vushtrri"),
    ],
)
def test_other_spellings_find_it_too(text: str, code: str) -> None:
    place = place_named(text)
    assert place is not None
    assert place.code == code


SHARED = ["Mitrovica", "Kosovska Mitrovica", "Косовска Митровица", "Mitroviça"]


@pytest.mark.parametrize("text", [*SHARED, "Atlantis", "i", ""])
def test_what_names_no_single_municipality_finds_none(text: str) -> None:
    assert place_named(text) is None


@pytest.mark.parametrize("text", [*SHARED, "MITROVICË"])
def test_a_name_of_two_is_refused_with_both_to_choose_from(text: str) -> None:
    said = unplaced(text)
    for code in ("mitrovica-south", "mitrovica-north"):
        assert code in said
        assert PLACES[code].en in said


@pytest.mark.parametrize("text", ["Atlantis", "i", "", "Mitrovica Atlantis"])
def test_what_names_no_municipality_is_not_repeated(text: str) -> None:
    assert unplaced(text) == "is not the code of a municipality"


def test_no_two_municipalities_are_one_to_the_ear() -> None:
    heard = {
        (tuple(sorted(map(loosen, fold(name)))), place.code)
        for place in PLACES.values()
        for name in (place.code, *place[1:5], *place.others)
    }
    assert len(heard) == len(dict(heard))


@given(every_name, st.sampled_from([*ORTHOGRAPHIES, MIXED]), st.data())
def test_every_spelling_of_a_name_finds_its_municipality(
    named: tuple[str, Place], one: Orthography, data: st.DataObject
) -> None:
    name, place = named
    text = data.draw(texts(fold(name), one))
    assert place_named(text) == place
    assume("đj" not in text)  # dj is another letter
    assert place_named(text.replace("đ", "d")) == place


async def test_whoever_writes_the_town_is_told_its_two_halves(north: Agency) -> None:
    answer = await north.post("/registrations", registration(place="Mitrovicë"))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/body/place"
    assert "mitrovica-south" in error["reason"]
    assert "mitrovica-north" in error["reason"]
