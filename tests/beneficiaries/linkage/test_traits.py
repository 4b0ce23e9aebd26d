# ruff: noqa: RUF001 -- other alphabets are the subject
from hypothesis import given

from services.beneficiaries.linkage.traits import Traits, traits_of
from services.beneficiaries.particulars import Particulars
from tests.beneficiaries.linkage.people import particulars, somebody, traits


@given(traits)
def test_traits_survive_their_bytes(person: Traits) -> None:
    sealed = person.to_bytes()
    assert sealed.isascii()
    assert Traits.from_bytes(sealed) == person


@given(particulars)
def test_the_alphabet_of_the_office_leaves_no_trace(recorded: Particulars) -> None:
    shouted = recorded.names.model_dump()
    shouted = {field: name and name.upper() for field, name in shouted.items()}
    again = recorded.model_copy(update={"names": type(recorded.names)(**shouted)})
    assert traits_of(again) == traits_of(recorded)


def test_names_in_two_alphabets_have_the_same_traits() -> None:
    assert somebody("Агим", "Хоџа") == somebody("Agim", "Hodža") == somebody()


def test_a_form_without_a_name_names_nobody() -> None:
    assert somebody("N.N.").given == ()
    assert somebody("nepoznat").given == ()
    assert somebody("i panjohur").given == ()


def test_the_words_for_street_and_number_say_nothing() -> None:
    albanian = somebody(address="Rruga e Lisit nr. 7")
    assert albanian.address == ("7", "e", "lisit")
    assert somebody(address="Улица Храстова бр. 7").address == ("7", "hrastova")


def test_the_same_document_is_written_in_many_ways() -> None:
    written = [
        somebody(documents=[{"kind": "passport", "number": number}])
        for number in ("P 123-456", "p123456", "P.123/456")
    ]
    assert written[0] == written[1] == written[2]


def test_the_household_of_an_agency_is_not_compared() -> None:
    assert somebody(household="A-7") == somebody(household="B-9")
