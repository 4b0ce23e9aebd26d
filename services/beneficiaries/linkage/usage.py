"""Usual short and other forms of names, which no rule of spelling derives.

A form that parents also give beside the full name is left out: Branislav and Branko,
Muhamet and Mehmet may be brothers.
"""

from services.kit.orthography import fold

# full form: the forms that people use for it
USUAL = {
    "Aleksandar": "Aca Aco Saša Ale Sandro Aleksander Alexander Aleksa",
    "Aleksandra": "Saša Alexandra",
    "Abdullah": "Dulla Avdullah Avdul Avdo",
    "Ahmet": "Meti Ahmo",
    "Agim": "Gimi",
    "Bajram": "Baki Bajro",
    "Branislav": "Bane Brana",
    "Branislava": "Brana",
    "Dragan": "Gaga Draga",
    "Dragana": "Gaga Gagi",
    "Dragoslav": "Drago",
    "Dušan": "Duško Dule",
    "Đorđe": "Đole Đoko Đura",
    "Fatmir": "Miri",
    "Gordana": "Goca Goga",
    "Hasan": "Haso",
    "Hysen": "Husein Huso Husejin Hüseyin Sena",
    "Ibrahim": "Brahim Ibro Ibrahimi Brajim",
    "Ismail": "Smail Smajl Smajo",
    "Jelena": "Jeca Jela",
    "Jovan": "Joca Jova Jovica",
    "Ljubica": "Ljuba Buba",
    "Ljiljana": "Ljilja Lila",
    "Marija": "Mara Mica",
    "Mehmet": "Meti Memet Meho",
    "Milan": "Mića Miki",
    "Milica": "Mica",
    "Miloš": "Miki Miša",
    "Miodrag": "Mile Mija Miki",
    "Miroslav": "Miki Miro Mika",
    "Muhamet": "Meti Muhamed Muha Muhammad Mohamed",
    "Mustafa": "Mujo Muja Mustaf",
    "Nebojša": "Neša Nebo",
    "Nikola": "Nidža Niko Nino",
    "Petar": "Pera Pero",
    "Qemal": "Kemal Ćemal",
    "Bekir": "Beqir Bećir",
    "Qerim": "Kerim Ćerim",
    "Qamil": "Kamil Ćamil",
    "Qazim": "Kazim Ćazim",
    "Zeqir": "Zekir Zećir",
    "Shaqir": "Šakir Şakir Šaćir",
    "Shefqet": "Ševket Şevket Šefket",
    "Hikmet": "Hiqmet",
    "Ramadan": "Dani Rama Ramo Ramazan",
    "Rexhep": "Redžo Rexha",
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
    "Xhemal": "Xhema Džema Xhemajl",
    "Xhevdet": "Xheva",
    "Zoran": "Zoki Zoka",
    "Zorica": "Zora",
    "Emine": "Mine Emina",
    "Fatime": "Fata Time",
    "Hatixhe": "Hatidža Tixhe",
    "Zejnepe": "Zeynep Zejneb Zejna",
    "Sabrije": "Brije",
    "Shemsije": "Shemsa",
    "Hajrije": "Hajra",
}


def _pairs() -> frozenset[tuple[str, str]]:
    pairs = set()
    for full, forms in USUAL.items():
        (name,) = fold(full)
        pairs |= {pair for form in fold(forms) for pair in ((name, form), (form, name))}
    return frozenset(pairs)


_PAIRS = _pairs()


def same_by_usage(left: str, right: str) -> bool:
    """Whether one folded name is used for the other; two short forms are not joined."""
    return (left, right) in _PAIRS
