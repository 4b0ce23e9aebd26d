# ruff: noqa: RUF001 -- Turkish names have the dotless i
"""The municipalities of Kosovo: one code for each, whichever language names it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.kit.orthography import fold, loosen

Stems = tuple[str, ...]


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
    Place("ferizaj", "Ferizaj", "Uroševac", "Урошевац", "Ferizaj", ("Ferizovik",)),
    Place(
        "fushe-kosove",
        "Fushë Kosovë",
        "Kosovo Polje",
        "Косово Поље",
        "Kosovo Polje",
        ("Kosova Ovası",),
    ),
    Place("gjakova", "Gjakovë", "Đakovica", "Ђаковица", "Gjakova", ("Yakova",)),
    Place("gjilan", "Gjilan", "Gnjilane", "Гњилане", "Gjilan", ("Gilan",)),
    Place(
        "gllogoc",
        "Gllogoc",
        "Glogovac",
        "Глоговац",
        "Gllogoc",
        ("Drenas", "Glogofça"),
    ),
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
        ("Mitrovicë Jugore", "Güney Mitroviça"),
    ),
    Place(
        "mitrovica-north",
        "Mitrovicë e Veriut",
        "Severna Mitrovica",
        "Северна Митровица",
        "North Mitrovica",
        ("Mitrovicë Veriore", "Kuzey Mitroviça"),
    ),
    Place("novo-brdo", "Novobërdë", "Novo Brdo", "Ново Брдо", "Novo Brdo", ("Artanë",)),
    Place("obiliq", "Obiliq", "Obilić", "Обилић", "Obiliq", ("Kastriot",)),
    Place("partesh", "Partesh", "Parteš", "Партеш", "Parteš"),
    Place("peja", "Pejë", "Peć", "Пећ", "Peja", ("İpek",)),
    Place("podujeva", "Podujevë", "Podujevo", "Подујево", "Podujeva", ("Besianë",)),
    Place("pristina", "Prishtinë", "Priština", "Приштина", "Pristina"),
    Place("prizren", "Prizren", "Prizren", "Призрен", "Prizren"),
    Place("rahovec", "Rahovec", "Orahovac", "Ораховац", "Rahovec", ("Rahofça",)),
    Place("ranilug", "Ranillug", "Ranilug", "Ранилуг", "Ranilug"),
    Place("shterpce", "Shtërpcë", "Štrpce", "Штрпце", "Štrpce"),
    Place("shtime", "Shtime", "Štimlje", "Штимље", "Shtime"),
    Place("skenderaj", "Skënderaj", "Srbica", "Србица", "Skenderaj"),
    Place("suhareka", "Suharekë", "Suva Reka", "Сува Река", "Suhareka", ("Therandë",)),
    Place("viti", "Viti", "Vitina", "Витина", "Viti", ("Vitia",)),
    Place(
        "vushtrri",
        "Vushtrri",
        "Vučitrn",
        "Вучитрн",
        "Vushtrri",
        ("Vushtrria", "Vıçıtırın", "Vuçıtırn"),
    ),
    Place("zubin-potok", "Zubin Potok", "Zubin Potok", "Зубин Поток", "Zubin Potok"),
    Place("zvecan", "Zveçan", "Zvečan", "Звечан", "Zvečan"),
)

PLACES: Mapping[str, Place] = MappingProxyType({place.code: place for place in _PLACES})


# What both halves of the town are called; there is no code for the whole of it.
_SHARED = ("Mitrovica", "Kosovska Mitrovica")
_SHARING = ("mitrovica-south", "mitrovica-north")


def place_named(text: str) -> Place | None:
    """Find a municipality by any of its names, or by what the ear makes of one.

    "Mitrovica" alone is nobody's: it names two municipalities, and which one matters.
    """
    stems = _stems(text)
    return _NAMED.get(stems) or _HEARD.get(_heard(stems))


def unplaced(text: str) -> str:
    """Say why a text is no municipality's, and which to choose from if it is two's."""
    if _heard(_stems(text)) not in _AMBIGUOUS:
        return "is not the code of a municipality"
    south, north = (f"{PLACES[code].en} ({code})" for code in _SHARING)
    return f"is the name of two municipalities: say {south} or {north}"


def _stems(text: str) -> Stems:
    """Drop word order and case endings: Prishtinë, Prishtina and Prishtine are one."""
    return tuple(sorted(word[:-1] + word[-1].strip("aei") for word in fold(text)))


def _heard(stems: Stems) -> Stems:
    """Join what the ear joins: Dakovica, on a keyboard without đ, is Đakovica."""
    return tuple(sorted(loosen(stem) for stem in stems if stem))


_NAMED: Mapping[Stems, Place] = {
    _stems(name): place
    for place in _PLACES
    for name in (place.code, *place[1:5], *place.others)
}
_HEARD: Mapping[Stems, Place] = {
    _heard(stems): place for stems, place in _NAMED.items()
}
_AMBIGUOUS = frozenset(_heard(_stems(name)) for name in _SHARED)
