import pytest

from services.beneficiaries.places import PLACES, Place, place_named

MUNICIPALITIES = 38


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
    ],
)
def test_other_spellings_find_it_too(text: str, code: str) -> None:
    place = place_named(text)
    assert place is not None
    assert place.code == code


@pytest.mark.parametrize("text", ["Mitrovica", "Kosovska Mitrovica", "Atlantis", ""])
def test_what_names_no_single_municipality_finds_none(text: str) -> None:
    assert place_named(text) is None
