"""Other forms and usual short forms of names, which no rule of spelling derives.

A form is the same name in a neighbour's language, and no two children of a house have
both. A short form may be a name of its own: whether it is one here, the census tells. A
form that parents often give beside the full name is in neither list: Branislav and
Branko, Muhamet and Mehmet may be brothers.
"""

from collections.abc import Mapping

from services.kit.orthography import fold

Pairs = frozenset[tuple[str, str]]

# a name: what others make of it
FORMS = {
    "Abdullah": "Dulla Avdullah Avdul",
    "Abdyl": "Abdul Avdyl Avdul",
    "Ajshe": "Ajsha Ajša Aiša",
    "Aleksandar": "Aleksander Alexander Alexandar",
    "Aleksandra": "Alexandra",
    "Avdi": "Abdi",
    "Behxhet": "Behçet Bedžet",
    "Bekir": "Beqir Bećir",
    "Emine": "Emina",
    "Fatime": "Fatma Fatima",
    "Filip": "Philip",
    "Gjyle": "Gül Đula Gjyla",
    "Hatixhe": "Hatidža",
    "Hikmet": "Hiqmet",
    "Hysen": "Husein Husejin Hüseyin",
    "Ibrahim": "Brahim Ibrahimi Brajim",
    "Ismail": "Smail Smajl",
    "Isuf": "Jusuf Usuf",
    "Ksenija": "Xenia",
    "Lytfi": "Lütfü Lutvi Lutfi Lutvija",
    "Mehmet": "Memet",
    "Melihate": "Melahat Melahate Melihat",
    "Muhamet": "Muhamed Muhammad Mohamed",
    "Mustafa": "Mustaf",
    "Myrteza": "Murtez",
    "Qamil": "Kamil Ćamil",
    "Qazim": "Kazim Ćazim",
    "Qefsere": "Kevser Ćefsera",
    "Qemal": "Kemal Ćemal",
    "Qerim": "Kerim Ćerim",
    "Ramadan": "Ramazan",
    "Sead": "Sejad",
    "Sebahate": "Sabahat Sabahate Sabaheta Sebahat",
    "Shaqir": "Šakir Şakir Šaćir",
    "Shefqet": "Ševket Şevket Šefket",
    "Shyqri": "Şükrü Šukri Šućrija Shyqyri",
    "Shyqrije": "Şükriye Šukrija",
    "Skënder": "İskender",
    "Syla": "Sula Sila",
    "Syrja": "Süreyya Sureja",
    "Vehbi": "Vebi Vehbija",
    "Xheladin": "Celalettin Dželaludin",
    "Xhemal": "Xhemajl",
    "Ymer": "Umer Ömer Omer",
    "Ymit": "Ümit",
    "Zejnepe": "Zeynep Zejneb",
    "Zeqir": "Zekir Zećir",
    "Zijadin": "Ziyaettin",
    "Zyber": "Zübeyir",
    "Zyrafete": "Zarafet",
}

# a full name: what people call its bearers
SHORT = {
    "Abdullah": "Avdo",
    "Agim": "Gimi",
    "Ahmet": "Meti Ahmo",
    "Aleksandar": "Aca Aco Saša Ale Sandro Aleksa",
    "Aleksandra": "Saša",
    "Bajram": "Baki Bajro",
    "Branislav": "Bane Brana",
    "Branislava": "Brana",
    "Dragan": "Gaga Draga",
    "Dragana": "Gaga Gagi",
    "Dragoslav": "Drago",
    "Dušan": "Duško Dule",
    "Đorđe": "Đole Đoko Đura",
    "Emine": "Mine",
    "Fatime": "Fata Time",
    "Fatmir": "Miri",
    "Gordana": "Goca Goga",
    "Hajrije": "Hajra",
    "Hasan": "Haso",
    "Hatixhe": "Tixhe",
    "Hysen": "Huso Sena",
    "Ibrahim": "Ibro",
    "Ismail": "Smajo",
    "Jelena": "Jeca Jela",
    "Jovan": "Joca Jova Jovica",
    "Ljubica": "Ljuba Buba",
    "Ljiljana": "Ljilja Lila",
    "Marija": "Mara Mica",
    "Mehmet": "Meti Meho",
    "Milan": "Mića Miki",
    "Milica": "Mica",
    "Miloš": "Miki Miša",
    "Miodrag": "Mile Mija Miki",
    "Miroslav": "Miki Miro Mika",
    "Muhamet": "Meti Muha",
    "Mustafa": "Mujo Muja",
    "Nebojša": "Neša Nebo",
    "Nikola": "Nidža Niko Nino",
    "Petar": "Pera Pero",
    "Ramadan": "Dani Rama Ramo",
    "Rexhep": "Redžo Rexha",
    "Sabrije": "Brije",
    "Shemsije": "Shemsa",
    "Slavica": "Slava",
    "Slobodan": "Boba Sloba Boban",
    "Snežana": "Sneža Sneška",
    "Stefan": "Stevan Stevo Stiv",
    "Svetlana": "Ceca Sveta",
    "Sylejman": "Syla Syl Sulja Suljo Sule",
    "Tomislav": "Toma Tomica",
    "Valentina": "Tina Vali",
    "Vesna": "Veca",
    "Vladimir": "Vlada Vlado",
    "Xhemal": "Xhema Džema",
    "Xhevdet": "Xheva",
    "Zejnepe": "Zejna",
    "Zoran": "Zoki Zoka",
    "Zorica": "Zora",
}


def _pairs(table: Mapping[str, str]) -> Pairs:
    pairs = set()
    for full, others in table.items():
        (name,) = fold(full)
        pairs |= {pair for one in fold(others) for pair in ((name, one), (one, name))}
    return frozenset(pairs)


_FORMS, _SHORT = _pairs(FORMS), _pairs(SHORT)


def other_forms(left: str, right: str) -> bool:
    """Whether one folded name is the other in a neighbour's language."""
    return (left, right) in _FORMS


def short_for(left: str, right: str) -> bool:
    """Whether one folded name is short for the other; two short ones are not joined."""
    return (left, right) in _SHORT
