# ruff: noqa: RUF001 -- Cyrillic is what an office writes
"""The six offices: in which hand each writes, what its files are, and how full."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Hand = Literal["sq", "sr", "cyrl", "ascii", "own"]
FIELDS: Final = tuple(
    "source_id given family father former_family sex birth place address phones"
    " personal_number household communities".split()
)
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "sq": (
        *("Numri i regjistrimit", "Emri", "Mbiemri", "Emri i babait"),
        *("Mbiemri i vajzërisë", "Gjinia", "Data e lindjes", "Komuna", "Adresa"),
        *("Telefoni", "Numri personal", "Familja", "Komuniteti"),
    ),
    "sr": (
        *("Broj registracije", "Ime", "Prezime", "Ime oca", "Devojačko prezime"),
        *("Pol", "Datum rođenja", "Opština", "Adresa", "Telefon", "Lični broj"),
        *("Domaćinstvo", "Zajednica"),
    ),
    "cyrl": (
        *("Број регистрације", "Име", "Презиме", "Име оца", "Девојачко презиме"),
        *("Пол", "Датум рођења", "Општина", "Адреса", "Телефон", "Лични број"),
        *("Домаћинство", "Заједница"),
    ),
    "en": FIELDS,
}
SEXES: Final[Mapping[str, tuple[str, str]]] = {
    "sq": ("Mashkull", "Femër"),
    "sr": ("Muški", "Ženski"),
    "cyrl": ("Мушки", "Женски"),
    "en": ("male", "female"),
}
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    "sq": {
        "mitrovica-north": "Mitrovicë e Veriut",
        "mitrovica-south": "Mitrovicë e Jugut",
        "zvecan": "Zveçan",
    },
    "sr": {
        "mitrovica-north": "Severna Mitrovica",
        "mitrovica-south": "Južna Mitrovica",
        "zvecan": "Zvečan",
    },
    "cyrl": {
        "mitrovica-north": "Северна Митровица",
        "mitrovica-south": "Јужна Митровица",
        "zvecan": "Звечан",
    },
    "en": {},
}


@dataclass(frozen=True)
class Office:
    """How one agency writes people down, and how much of a form it fills."""

    agency: str
    hand: Hand
    language: str  # of headers, sexes and places
    file: str
    content_type: str
    dates: str
    father: float
    phone: float
    paper: float
    address: float
    asks_community: bool = False

    @property
    def charset(self) -> str:
        return self.content_type.partition("charset=")[2] or "utf-8"


ISO, DOTTED = "{0}-{1:02}-{2:02}", "{2}.{1}.{0}"
PARQUET: Final = "application/vnd.apache.parquet"
OFFICES: Final = (
    Office(
        *("unicef", "sq", "sq", "unicef.csv", "text/csv; charset=utf-8", DOTTED),
        *(0.8, 0.7, 0.6, 0.6),
    ),
    Office(
        *("unfpa", "sr", "sr", "unfpa.csv", "text/csv; charset=windows-1250", DOTTED),
        *(0.6, 0.8, 0.5, 0.5),
    ),
    Office(
        *("who", "cyrl", "cyrl", "who.csv", "text/csv; charset=windows-1251", DOTTED),
        *(0.8, 0.6, 0.6, 0.7),
    ),
    Office(
        *("ohchr", "own", "en", "ohchr.jsonl", "application/jsonl", ISO),
        *(0.5, 0.6, 0.4, 0.4),
        asks_community=True,
    ),
    Office(
        *("undp", "ascii", "en", "undp.parquet", PARQUET, ISO),
        *(0.4, 0.8, 0.6, 0.6),
    ),
    Office(
        *("unv", "own", "en", "unv.parquet", PARQUET, ISO),
        *(0.4, 0.8, 0.5, 0.4),
    ),
)
