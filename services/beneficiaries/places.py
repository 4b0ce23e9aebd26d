"""The municipalities of Kosovo: one code for each, whichever language names it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.kit.orthography import fold


class Place(NamedTuple):
    """A municipality, its official names, and what else people write for it."""

    code: str
    sq: str
    sr_latn: str
    sr_cyrl: str
    en: str
    others: tuple[str, ...] = ()


_PLACES = (
    Place("decan", "Deçan", "Dečani", "Дечани", "Dečan"),
    Place("dragash", "Dragash", "Dragaš", "Драгаш", "Dragash", ("Sharr",)),
    Place("ferizaj", "Ferizaj", "Uroševac", "Урошевац", "Ferizaj"),
    Place(
        "fushe-kosove", "Fushë Kosovë", "Kosovo Polje", "Косово Поље", "Kosovo Polje"
    ),
    Place("gjakova", "Gjakovë", "Đakovica", "Ђаковица", "Gjakova"),
    Place("gjilan", "Gjilan", "Gnjilane", "Гњилане", "Gjilan"),
    Place("gllogoc", "Gllogoc", "Glogovac", "Глоговац", "Gllogoc", ("Drenas",)),
    Place("gracanica", "Graçanicë", "Gračanica", "Грачаница", "Gračanica"),
    Place(
        "hani-i-elezit",
        "Hani i Elezit",
        "Elez Han",
        "Елез Хан",
        "Hani i Elezit",
        ("Đeneral Janković", "Hani Elezit"),
    ),
    Place("istog", "Istog", "Istok", "Исток", "Istog", ("Burim",)),
    Place("junik", "Junik", "Junik", "Јуник", "Junik"),
    Place("kacanik", "Kaçanik", "Kačanik", "Качаник", "Kaçanik"),
    Place(
        "kamenica",
        "Kamenicë",
        "Kamenica",
        "Каменица",
        "Kamenica",
        ("Kosovska Kamenica", "Dardanë"),
    ),
    Place("klina", "Klinë", "Klina", "Клина", "Klina"),
    Place("kllokot", "Kllokot", "Klokot", "Клокот", "Klokot"),
    Place("leposavic", "Leposaviq", "Leposavić", "Лепосавић", "Leposavić"),
    Place("lipjan", "Lipjan", "Lipljan", "Липљан", "Lipjan"),
    Place("malisheva", "Malishevë", "Mališevo", "Малишево", "Malisheva"),
    Place("mamusha", "Mamushë", "Mamuša", "Мамуша", "Mamusha"),
    Place(
        "mitrovica-south",
        "Mitrovicë e Jugut",
        "Južna Mitrovica",
        "Јужна Митровица",
        "South Mitrovica",
        ("Mitrovicë Jugore",),
    ),
    Place(
        "mitrovica-north",
        "Mitrovicë e Veriut",
        "Severna Mitrovica",
        "Северна Митровица",
        "North Mitrovica",
        ("Mitrovicë Veriore",),
    ),
    Place("novo-brdo", "Novobërdë", "Novo Brdo", "Ново Брдо", "Novo Brdo", ("Artanë",)),
    Place("obiliq", "Obiliq", "Obilić", "Обилић", "Obiliq", ("Kastriot",)),
    Place("partesh", "Partesh", "Parteš", "Партеш", "Parteš"),
    Place("peja", "Pejë", "Peć", "Пећ", "Peja"),
    Place("podujeva", "Podujevë", "Podujevo", "Подујево", "Podujeva", ("Besianë",)),
    Place("pristina", "Prishtinë", "Priština", "Приштина", "Pristina"),
    Place("prizren", "Prizren", "Prizren", "Призрен", "Prizren"),
    Place("rahovec", "Rahovec", "Orahovac", "Ораховац", "Rahovec"),
    Place("ranilug", "Ranillug", "Ranilug", "Ранилуг", "Ranilug"),
    Place("shterpce", "Shtërpcë", "Štrpce", "Штрпце", "Štrpce"),
    Place("shtime", "Shtime", "Štimlje", "Штимље", "Shtime"),
    Place("skenderaj", "Skënderaj", "Srbica", "Србица", "Skenderaj"),
    Place("suhareka", "Suharekë", "Suva Reka", "Сува Река", "Suhareka", ("Therandë",)),
    Place("viti", "Viti", "Vitina", "Витина", "Viti", ("Vitia",)),
    Place("vushtrri", "Vushtrri", "Vučitrn", "Вучитрн", "Vushtrri", ("Vushtrria",)),
    Place("zubin-potok", "Zubin Potok", "Zubin Potok", "Зубин Поток", "Zubin Potok"),
    Place("zvecan", "Zveçan", "Zvečan", "Звечан", "Zvečan"),
)

PLACES: Mapping[str, Place] = MappingProxyType({place.code: place for place in _PLACES})


def place_named(text: str) -> Place | None:
    """Find a municipality by any of its names.

    "Mitrovica" alone is nobody's: it names two municipalities, and which one matters.
    """
    return _NAMED.get(_plain(text))


def _plain(text: str) -> tuple[str, ...]:
    """Drop word order and case endings: Prishtinë, Prishtina and Prishtine are one."""
    return tuple(sorted(word[:-1] + word[-1].strip("aei") for word in fold(text)))


_NAMED: Mapping[tuple[str, ...], Place] = {
    _plain(name): place
    for place in _PLACES
    for name in (place.code, *place[1:5], *place.others)
}
