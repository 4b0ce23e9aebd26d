"""What the evidence is called in Albanian and in Serbian; English is what it is named.

A row is what the model says, in Albanian, in Serbian (Latin letters). A word that is
missing here is told in English. Whoever knows better corrects a row.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

Row = tuple[str, str]


class Language(StrEnum):
    """The official languages of Kosovo, and the programme's working language."""

    ALBANIAN = "sq"
    SERBIAN = "sr"
    ENGLISH = "en"


# What is compared, and the vetoes, which are named after it.
NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "given": ("emri", "ime", "given name"),
    "family": ("mbiemri", "prezime", "family name"),
    "order": ("radha e emrave", "redosled imena", "order of the names"),
    "father": ("emri i babait", "ime oca", "father's name"),
    "birth": ("datëlindja", "datum rođenja", "birth date"),
    "sex": ("gjinia", "pol", "sex"),
    "place": ("vendi", "mesto", "place"),
    "address": ("adresa", "adresa", "address"),
    "phone": ("telefoni", "telefon", "phone"),
    "document": ("dokumenti", "dokument", "document"),
    "date slip": (
        "gabim në datëlindje",
        "greška u datumu rođenja",
        "a slip in the birth date",
    ),
    "unnamed": ("mungon emri", "nedostaje ime", "a given name is missing"),
    "twin": ("ndoshta binjakë", "možda blizanci", "perhaps twins"),
}
LABELS: Final[Mapping[str, Row]] = {
    "same": ("i njëjtë", "isto"),
    "a part of a double name": ("pjesë e emrit të dyfishtë", "deo dvostrukog imena"),
    "sounds alike": ("tingëllon njësoj", "zvuči isto"),
    "another final vowel": ("zanore tjetër në fund", "drugi završni samoglasnik"),
    "a usual short form": ("shkurtesë e zakonshme", "uobičajeni nadimak"),
    "one slip inside": ("një gabim brenda", "jedna greška unutra"),
    "one letter inside a long name": (
        "një shkronjë brenda emrit të gjatë",
        "jedno slovo u dugom imenu",
    ),
    "near": ("i afërt", "slično"),
    "final vowel dropped": ("pa zanoren në fund", "bez završnog samoglasnika"),
    "differs": ("ndryshon", "razlikuje se"),
    "swapped": ("i ndërruar", "zamenjeno"),
    "straight": ("i drejtë", "pravim redom"),
    "one part differs": ("një pjesë ndryshon", "jedan deo se razlikuje"),
    "same month": ("i njëjti muaj", "isti mesec"),
    "same year, as far as known": (
        "i njëjti vit, sa dihet",
        "ista godina, koliko se zna",
    ),
    "about the same year": ("afërsisht i njëjti vit", "otprilike ista godina"),
    "only the year agrees": ("përputhet vetëm viti", "slaže se samo godina"),
    "the next year": ("viti tjetër", "susedna godina"),
    "the house number agrees": ("përputhet numri i shtëpisë", "slaže se kućni broj"),
    "mostly the same": ("kryesisht i njëjtë", "uglavnom isto"),
    "partly the same": ("pjesërisht i njëjtë", "delimično isto"),
    "the same short number": ("i njëjti numër i shkurtër", "isti kratak broj"),
    "the same number, of a child": (
        "i njëjti numër, te një fëmijë",
        "isti broj, kod deteta",
    ),
    "the same number under another kind": (
        "i njëjti numër, lloj tjetër",
        "isti broj, druga vrsta",
    ),
    "one slip, or the number that follows": (
        "një gabim, ose numri që vijon",
        "jedna greška, ili sledeći broj",
    ),
}
PHRASES: Final[Mapping[str, Row]] = {
    "What speaks for one person, in bits": (
        "Çfarë flet për një person, në bit",
        "Šta govori da je jedna osoba, u bitima",
    ),
    "before comparing": ("para krahasimit", "pre poređenja"),
    "sum": ("shuma", "zbir"),
    "review": ("shqyrtim", "pregled"),
    "link": ("lidhje", "veza"),
    "Not linked without a reviewer": (
        "Nuk lidhet pa shqyrtues",
        "Ne povezuje se bez pregleda",
    ),
}
COLUMNS: Final = {Language.ALBANIAN: 0, Language.SERBIAN: 1}


def say(what: str, language: Language) -> str:
    """Say a comparison, a veto, a level or a phrase in a language."""
    if what in NAMED:
        return NAMED[what][COLUMNS.get(language, 2)]
    row = LABELS.get(what) or PHRASES.get(what)
    return (
        what if row is None or language is Language.ENGLISH else row[COLUMNS[language]]
    )


def number(value: float, language: Language) -> str:
    """Write a signed number of bits, with the minus and the comma of print."""
    written = f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")
    return written if language is Language.ENGLISH else written.replace(".", ",")


def spoken(accepted: str | None) -> Language:
    """Choose a language by an Accept-Language header (RFC 9110 §12.5.4)."""
    best, wanted = Language.ENGLISH, 0.0
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        code = tag.partition("-")[0]
        weight = _quality(quality)
        if code in set(Language) and weight > wanted:
            best, wanted = Language(code), weight
    return best


def _quality(written: str) -> float:
    try:
        return float(written) if written else 1.0
    except ValueError:
        return 0.0
