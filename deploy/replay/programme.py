"""The programme's grants, as far as its documents tell, and what is invented beside.

Told are: 29 grants to consortia across ethnic divides, three municipal economic plans,
community action plans, the Forum on Divided Cities, and the total. Invented are every
organisation, every pairing, every title and every amount; the amounts add up to the
total to the cent.
"""

from decimal import ROUND_DOWN, Decimal
from typing import Any, Final, NamedTuple

GRANTS: Final = 29
TOTAL: Final = Decimal("3038958.80")  # the Trust Fund's summary
ANNOUNCED: Final = Decimal("3046788.80")  # the announcement of 31 October 2008
CURRENCY: Final = "USD"
CEILING: Final = Decimal("130000.00")
CENT: Final = Decimal("0.01")
INVENTED: Final = "(invented)"
MUNICIPALITIES: Final = ("mitrovica-north", "mitrovica-south", "zvecan")


class Organisation(NamedTuple):
    """An invented organisation: whoever bears a name like this is not meant."""

    slug: str
    name: str
    municipality: str
    led_by: str


SOUTH: Final = """
ura-e-re Ura e Re, mitrovica-south albanian
zeri-i-lagjes Zëri i Lagjes, mitrovica-south albanian
duart-e-bashkuara Duart e Bashkuara, mitrovica-south albanian
rinia-e-ibrit Rinia e Ibrit, mitrovica-south albanian
gruaja-punetore Gruaja Punëtore, mitrovica-south albanian
kopshti-i-hapur Kopshti i Hapur, mitrovica-south albanian
punetoria-e-qytetit Punëtoria e Qytetit, mitrovica-south albanian
drita-e-fshatit Drita e Fshatit, zvecan albanian
mesuesit-bashke Mësuesit Bashkë, mitrovica-south albanian
lule-mali Lule Mali, mitrovica-south albanian
shtegu Shtegu, mitrovica-south albanian
tryeza Tryeza, mitrovica-south albanian
"""
NORTH: Final = """
novi-korak Нови корак, mitrovica-north serb
glas-doma Глас дома, mitrovica-north serb
zajednicka-basta Заједничка башта, zvecan serb
zene-ibra Жене Ибра, mitrovica-north serb
otvorena-ucionica Отворена учионица, mitrovica-north serb
mladi-zvecana Млади Звечана, zvecan serb
zanati-severa Занати севера, mitrovica-north serb
dve-obale Две обале, mitrovica-north serb
romano-drom Romano Drom, mitrovica-north roma
ruka-ruci Рука руци, mitrovica-north serb
sevdah-dom Sevdah dom, mitrovica-north bosniak
stara-varos Стара варош, mitrovica-north serb
"""


def organisations(listed: str) -> list[Organisation]:
    found = []
    for line in listed.strip().splitlines():
        head, _, tail = line.partition(", ")
        slug, _, name = head.partition(" ")
        found.append(Organisation(slug, name, *tail.split()))
    return found


def everybody() -> list[Organisation]:
    return [*organisations(SOUTH), *organisations(NORTH)]


def amounts(grants: int = GRANTS) -> list[Decimal]:
    """Invent amounts, none like the other: 29 add up to the total to the cent."""
    total = (TOTAL * grants / GRANTS).quantize(CENT)
    weights = [80 + (7 * number) % 41 for number in range(grants)]
    parts = [
        (total * weight / sum(weights)).quantize(CENT, ROUND_DOWN) for weight in weights
    ]
    parts[0] += total - sum(parts)
    return parts


ECONOMIC_PLANS: Final = {
    "mitrovica-south": (
        ("sq", "Plani i zhvillimit ekonomik, Mitrovicë e Jugut"),
        ("en", "Municipal economic development plan, Mitrovica South"),
    ),
    "mitrovica-north": (
        ("sr-Cyrl", "План економског развоја, Северна Митровица"),
        ("en", "Municipal economic development plan, Mitrovica North"),
    ),
    "zvecan": (
        ("sr-Cyrl", "План економског развоја, Звечан"),
        ("sq", "Plani i zhvillimit ekonomik, Zveçan"),
        ("en", "Municipal economic development plan, Zvečan"),
    ),
}
ACTION_PLANS: Final = {
    "mitrovica-south": "Community action plan: the southern river bank (invented)",
    "mitrovica-north": "Community action plan: the northern river bank (invented)",
    "zvecan": "Community action plan: schools and paths (invented)",
}
PRIORITIES: Final = (
    ("peacebuilding", "Meeting each other (invented)"),
    ("small_business", "A shared market (invented)"),
    ("youth", "Young people on both banks (invented)"),
)
FORUM: Final[dict[str, Any]] = {
    "titles": {
        "en": "Forum on Divided Cities",
        "sq": "Forumi për qytetet e ndara",
        "sr-Cyrl": "Форум о подељеним градовима",  # noqa: RUF001 -- Serbian for "on"
    },
    "municipalities": ["mitrovica-north", "mitrovica-south"],
    "starts_on": "2010-05-20",
    "ends_on": "2010-05-22",
}
ATTENDED: Final = 230  # invented
RULES: Final[list[dict[str, Any]]] = [
    {"kind": "minimum_organisations", "count": 2},
    {"kind": "minimum_communities", "count": 2, "basis": "led_by"},
    {"kind": "maximum_share_of_organisation", "percent": "70"},
    {"kind": "kinds_of_organisation", "kinds": ["cso"]},
    {"kind": "municipalities_covered", "among": [*MUNICIPALITIES], "at_least": 1},
    {"kind": "one_application"},
    {"kind": "one_award"},
]
CRITERIA: Final = [
    {"key": "relevance", "title": "Relevance to the plans", "weight": "40"},
    {"key": "cooperation", "title": "Cooperation across the divide", "weight": "35"},
    {"key": "feasibility", "title": "Feasibility", "weight": "25"},
]
