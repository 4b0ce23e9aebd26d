# ruff: noqa: RUF001 -- other alphabets are the subject
"""Whatever the tables let people write for a name is one name when folded."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.kit.orthography import fold, loosen, strangers, turkish
from services.kit.orthography.folding import TABLES
from tests.kit.spellings import (
    CYRILLIC,
    MIXED,
    MIXED_WITH_MARKS,
    ORTHOGRAPHIES,
    Orthography,
    names,
    texts,
    undoubled,
)

EXAMPLES = sorted(
    {row.folded for table in TABLES for row in table} | set(turkish.WITHOUT_MARKS)
)
STROKE = str.maketrans({"đ": "d"})
DIGRAPH = str.maketrans({"đ": "dj", "ı": "i"})
MARKS = "\u0300\u0301\u0302\u0306\u0308\u0331"
written_in = pytest.mark.parametrize("one", ORTHOGRAPHIES, ids=lambda one: one.name)
LATIN = [one for one in ORTHOGRAPHIES if one is not CYRILLIC]
any_orthography = st.sampled_from(ORTHOGRAPHIES)
names_of_any = st.sampled_from(EXAMPLES) | any_orthography.flatmap(names)


def bare(text: str) -> str:
    """Leave what a keyboard without the letters leaves."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def says_otherwise_when_bare(text: str) -> bool:
    """Whether a Turkish c or j would lose the mark that tells what it is."""
    return not turkish.MARKS.isdisjoint(text) and not {"c", "j"}.isdisjoint(text)


@written_in
@given(st.data())
def test_all_spellings_of_one_orthography_fold_together(
    one: Orthography, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(EXAMPLES) | names(one))
    assert fold(data.draw(texts((name,), one))) == fold(name)


@pytest.mark.parametrize("one", [MIXED, MIXED_WITH_MARKS], ids=lambda one: one.name)
@given(names_of_any, st.data())
def test_all_spellings_of_mixed_orthographies_fold_together(
    one: Orthography, name: str, data: st.DataObject
) -> None:
    assert fold(data.draw(texts((name,), one))) == fold(name)


@given(names_of_any, any_orthography, any_orthography, st.data())
def test_a_name_transcribed_and_transcribed_back_is_one_name(
    name: str, here: Orthography, there: Orthography, data: st.DataObject
) -> None:
    written = data.draw(texts((name,), here))
    abroad = data.draw(texts((undoubled(here.read(written)),), there))
    back = data.draw(texts((undoubled(there.read(abroad)),), here))
    assert fold(written) == fold(abroad) == fold(back)


def letter_by_letter(alphabet: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair.split()[0], pair.split()[1]) for pair in alphabet.split(","))


# As the laws and the officials have it, written apart from the tables.
VUKS = letter_by_letter(
    "a а,b б,c ц,č ч,ć ћ,d д,dž џ,đ ђ,e е,f ф,g г,h х,i и,j ј,k к,l л,lj љ,m м,n н,"
    "nj њ,o о,p п,r р,s с,š ш,t т,u у,v в,z з,ž ж"
)
OFFICIAL = letter_by_letter(
    "a a,b b,c c,ç č,d d,dh d,e e,ë e,f f,g g,gj đ,h h,i i,j j,k k,l l,ll l,m m,n n,"
    "nj nj,o o,p p,q ć,r r,rr r,s s,sh š,t t,th t,u u,v v,x dz,xh dž,y i,z z,zh ž"
)


@pytest.mark.parametrize("pairs", [VUKS, OFFICIAL], ids=["Cyrillic", "Albanian"])
@given(st.data())
def test_a_name_written_letter_by_letter_in_another_alphabet_is_one_name(
    pairs: tuple[tuple[str, str], ...], data: st.DataObject
) -> None:
    name = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=9))
    here, there = ("".join(letters) for letters in zip(*name, strict=True))
    assume("dhj" not in here)  # whatever Serbian writes for it is read as a đ
    assert fold(here) == fold(there)


@given(names_of_any, st.sampled_from(LATIN), st.data())
def test_what_a_keyboard_leaves_of_a_spelling_folds_with_it(
    name: str, one: Orthography, data: st.DataObject
) -> None:
    text = data.draw(texts((name,), one))
    assume(not says_otherwise_when_bare(text))
    assert fold(bare(text.translate(DIGRAPH))) == fold(text)


@given(names_of_any, any_orthography, st.data())
def test_a_d_that_lost_its_stroke_is_joined_when_loosened(
    name: str, one: Orthography, data: st.DataObject
) -> None:
    assume("xz" not in name)  # dz is written for x
    text = data.draw(texts((name,), one))
    assume("đj" not in text)  # and so is dj
    [whole], [lost] = fold(text), fold(text.translate(STROKE))
    assert loosen(lost) == loosen(whole)


@pytest.mark.parametrize("row", strangers.TABLE, ids=lambda row: row.written)
def test_a_letter_of_no_alphabet_here_is_read_as_one_of_ours(
    row: strangers.Stranger,
) -> None:
    assert fold(row.example) == (row.folded,)
    assert row.written in row.example.lower()
    assert fold(row.written) == fold(row.ours)
    assert not any(row.written in other.written for table in TABLES for other in table)


@given(names_of_any, any_orthography, st.data())
def test_a_mark_that_no_alphabet_here_has_changes_nothing(
    name: str, one: Orthography, data: st.DataObject
) -> None:
    text = data.draw(texts((name,), one))
    at = data.draw(st.integers(1, len(text)))
    marked = text[:at] + data.draw(st.sampled_from(MARKS)) + text[at:]
    ours = {sign for table in TABLES for row in table for sign in row.written}
    composed = unicodedata.normalize("NFC", marked)
    assume(ours.isdisjoint(set(composed) - set(text)))
    assert fold(marked) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Алёна", "alena"),
        ("Їжакевич", "izakevic"),
        ("Kâzım", "kazim"),
        ("Gül\u1e09in", "gulcin"),
        ("François", "francois"),
        ("D´Angelo", "dangelo"),
        ("Mar\u00adko", "marko"),
        ("محمد", "محمد"),
    ],
)
def test_a_letter_of_no_table_divides_no_word(text: str, folded: str) -> None:
    assert fold(text) == (folded,)


def letters_alone(sign: str) -> bool:
    """Whether a letter is not composed of others and a dot or a space, as ŀ and ﷲ."""
    composed = unicodedata.normalize("NFKC", f"a{sign}")
    return all(unicodedata.category(part)[0] in "LM" for part in composed)


@given(st.text(st.characters(categories=["L", "M"]).filter(letters_alone), max_size=6))
def test_letters_of_any_alphabet_are_at_most_one_word(text: str) -> None:
    assert len(fold(text)) <= 1


@given(st.text(max_size=12))
def test_any_text_folds_alike_however_it_is_stored(text: str) -> None:
    folded = fold(text)
    assert fold(" ".join(folded)) == folded
    assert fold(text.upper()) == folded
    assert fold(f"  {text}\t") == folded
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == folded
